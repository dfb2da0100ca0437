"""Running the rules over drafts, with each document read, parsed and learned from once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.check.draft import Draft, TextFile
from avenant.check.finding import Check, Finding, Flaw, Off
from avenant.check.names import find_names
from avenant.check.registry import BAD_SWITCH, INVALID_FORMAT, RULES, RULES_BY_ID
from avenant.check.rule import Rule
from avenant.check.switches import Switch, find_switch_flaws, find_switches
from avenant.errors import AvenantError, FormatError, SpecError
from avenant.files import read_text
from avenant.scenarios import ScenarioFile, parse_scenarios
from avenant.specs.library import Spec, known_model_names, newer_releases, read_spec
from avenant.workspace import CONFIG, Workspace


def check_amendments(
    workspace: Workspace,
    paths: Iterable[Path],
    *,
    texts: Mapping[Path, str] | None = None,
    more: Iterable[Finding] = (),
) -> Check:
    """Check drafts and their scenario files.

    Args:
        workspace: where the drafts and their documents are.
        paths: the drafts' files; scenario files that belong to no draft may be among them.
        texts: what to take for a file's text in place of what is on the disk.
        more: what other tools find in these files; comments and settings turn it off in the same way.

    Raises:
        FileError: a draft cannot be read at all.
        FormatError: the settings turn off a rule that there is not.
    """
    for rule in workspace.check.off:
        if rule not in RULES_BY_ID:
            mend = f"rules: {', '.join(RULES_BY_ID)}"
            raise FormatError(f"there is no rule {rule!r} to turn off", path=workspace.root / CONFIG, mend=mend)
    run = _Run(workspace, texts or {})
    for path in paths:
        run.check(path)
    run.findings.update(more)
    return run.result()


def read_drafts(workspace: Workspace, paths: Iterable[Path]) -> Iterator[Draft]:
    """The drafts as rules see them, without their scenarios, for tools that look at them beside the rules.

    Drafts that cannot be read, or whose document is unknown, are left out: the check says so.
    """
    run = _Run(workspace, {})
    for path in paths:
        source = run.read(path)
        try:
            amendment = parse_amendment(source, path) if source is not None else None
        except FormatError:
            continue
        spec = run.spec(amendment.spec) if amendment else None
        if amendment is not None and isinstance(spec, Spec):
            yield run.draft(amendment, spec, None)


class _Run:
    """One check over many drafts: what they share is read once."""

    def __init__(self, workspace: Workspace, texts: Mapping[Path, str]) -> None:
        self.workspace = workspace
        self.texts = texts
        self.findings: set[Finding] = set()
        self.switches: dict[Path, list[Switch]] = {}
        self.specs: dict[str, Spec | SpecError] = {}
        self.newer: dict[str, tuple[str, ...]] = {}

    def check(self, path: Path) -> None:
        """Check one draft with its scenario file, or a scenario file alone."""
        source = self.read(path)
        if source is None:
            return
        if path.suffix in (".yaml", ".yml"):
            self.check_text(path, source, None, None)
            self.parse_scenarios(path, source)
            return
        try:
            amendment = parse_amendment(source, path)
        except FormatError as error:
            self.add_faults(error, INVALID_FORMAT, path)
            self.check_text(path, source, None, None)
            return
        spec = self.spec(amendment.spec)
        known = spec if isinstance(spec, Spec) else None
        self.check_text(path, source, amendment, known)
        draft = self.draft(amendment, known, self.scenarios(amendment, known))
        if isinstance(spec, SpecError):
            fault = spec.faults[0]
            self.add(RULES_BY_ID["anchor"], [Flaw(path, draft.key_line("spec"), fault.problem, fault.mend or "")])
        for rule in RULES:
            if rule.find:
                self.add(rule, rule.find(draft))

    def draft(self, amendment: Amendment, spec: Spec | None, scenarios: ScenarioFile | None) -> Draft:
        """What rules look at."""
        return Draft(
            amendment=amendment,
            spec=spec,
            newer=self.newer[amendment.spec] if spec else (),
            names=self.names(spec),
            workspace_placeholder=self.workspace.defaults.placeholder,
            scenarios=scenarios,
        )

    def result(self) -> Check:
        """All findings, those that are turned off apart."""
        kept: list[Finding] = []
        turned_off: list[Finding] = []
        for finding in sorted(self.findings):
            off = self.off(finding)
            (turned_off if off else kept).append(replace(finding, off=off) if off else finding)
        return Check(tuple(kept), tuple(turned_off))

    def off(self, finding: Finding) -> Off | None:
        """Why a finding is turned off, by a comment or by the settings; None where it holds."""
        switches = (one for one in self.switches.get(finding.path, ()) if one.reason)
        switch = next((one for one in switches if one.covers(finding.rule, finding.line)), None)
        if switch is not None:
            return Off(switch.reason, is_in_file=True)
        reason = self.workspace.check.off.get(finding.rule)
        return None if reason is None else Off(reason, is_in_file=False)

    def add(self, rule: Rule, flaws: Iterable[Flaw]) -> None:
        self.findings.update(Finding.from_flaw(flaw, rule.id, rule.severity) for flaw in flaws)

    def add_faults(self, error: AvenantError, rule: Rule, path: Path) -> None:
        self.add(rule, (Flaw(f.path or path, f.line or 1, f.problem, f.mend or "") for f in error.faults))

    def read(self, path: Path) -> str | None:
        """A file's text; None, with a finding, where it is no text."""
        try:
            return self.texts[path] if path in self.texts else read_text(path)
        except FormatError as error:
            self.add_faults(error, INVALID_FORMAT, path)
            return None

    def check_text(self, path: Path, source: str, amendment: Amendment | None, spec: Spec | None) -> None:
        """What concerns any text file: names in it, and the comments that turn rules off."""
        placeholder = self.workspace.defaults.placeholder
        # One that is a model's name itself is the finding of another rule, and no advice.
        if amendment and not any(find_names(amendment.placeholder, self.names(spec))):
            placeholder = amendment.placeholder
        own = spec.model_names if spec else ()
        file = TextFile(path, source, self.names(spec), own, placeholder)
        for rule in RULES:
            if rule.find_in_text:
                self.add(rule, rule.find_in_text(file))
        self.switches[path] = find_switches(source, path)
        self.add(BAD_SWITCH, find_switch_flaws(self.switches[path], RULES_BY_ID))

    def scenarios(self, amendment: Amendment, spec: Spec | None) -> ScenarioFile | None:
        """The draft's scenarios, where it has them and they can be read."""
        path = self.workspace.folder("scenarios") / f"{amendment.slug}.yaml"
        source = self.read(path) if path.is_file() or path in self.texts else None
        if source is None:
            return None
        self.check_text(path, source, amendment, spec)
        return self.parse_scenarios(path, source)

    def parse_scenarios(self, path: Path, source: str) -> ScenarioFile | None:
        """The scenarios of a file; None, with findings, where it is none."""
        try:
            return parse_scenarios(source, path)
        except FormatError as error:
            self.add_faults(error, INVALID_FORMAT, path)
            return None

    def names(self, spec: Spec | None) -> tuple[str, ...]:
        """Names that a draft must not carry, the document's own first."""
        own = spec.model_names if spec else ()
        return tuple(dict.fromkeys((*own, *known_model_names(), *self.workspace.check.names)))

    def spec(self, spec_id: str) -> Spec | SpecError:
        if spec_id not in self.specs:
            folder = self.workspace.folder("specs")
            try:
                self.specs[spec_id] = read_spec(folder, spec_id)
                self.newer[spec_id] = tuple(newer_releases(folder, spec_id))
            except SpecError as error:
                self.specs[spec_id] = error
        return self.specs[spec_id]


def find_orphans(workspace: Workspace) -> Iterator[Path]:
    """Scenario files that belong to no draft, in name order; packed ones go with the file beside them."""
    for path in sorted(workspace.folder("scenarios").glob("*.yaml")):
        slug = path.stem.removesuffix(".held-out")
        if not (workspace.folder("amendments") / f"{slug}.md").exists():
            yield path
