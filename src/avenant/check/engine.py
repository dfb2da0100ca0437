"""Running the rules over drafts, with each document read and parsed once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from avenant.amendments.amendment import Amendment, parse_amendment
from avenant.amendments.apply import EMPTY_PASSAGE, find_changes
from avenant.amendments.place import find_edit
from avenant.check.finding import Finding
from avenant.check.rules.empty_section import find_empty_sections
from avenant.check.rules.model_name import find_model_names, find_named_placeholder
from avenant.errors import AnchorError, AvenantError, EditError, FormatError, SpecError
from avenant.files import read_text
from avenant.specs.library import Spec, known_model_names, read_spec
from avenant.workspace import Workspace

RULES = {
    "invalid-format": "the file is no valid amendment: no tool can read the draft",
    "anchor": "an edit does not find its place, or cannot be made there: the passage would land nowhere or anywhere",
    "model-name": "the model's real name stands in the draft: on the open web it would end up in training data",
    "empty-section": "a section is empty: a lab insider cannot weigh the passage",
}
"""Rule ids, each with one line of why."""


def check_amendments(workspace: Workspace, paths: Iterable[Path]) -> list[Finding]:
    """Check drafts and their scenario files.

    Raises:
        FileError: a draft cannot be read at all.
    """
    specs: dict[str, Spec | SpecError] = {}
    findings: list[Finding] = []
    for path in paths:
        findings += _check(workspace, path, specs)
    return sorted(set(findings))


def _check(workspace: Workspace, path: Path, specs: dict[str, Spec | SpecError]) -> Iterator[Finding]:
    try:
        source = read_text(path)
    except FormatError as error:
        yield from _from_error(error, "invalid-format", path)
        return
    try:
        amendment = parse_amendment(source, path)
    except FormatError as error:
        yield from _from_error(error, "invalid-format", path)
        yield from find_model_names(source, path, known_model_names(), workspace.defaults.placeholder)
        return
    spec = _spec(workspace, amendment, specs)
    own_names = spec.model_names if isinstance(spec, Spec) else ()
    names = tuple(dict.fromkeys((*own_names, *known_model_names())))
    yield from _names(workspace, amendment, names)
    yield from find_empty_sections(amendment)
    if isinstance(spec, SpecError):
        line = next((n for n, text in enumerate(source.splitlines(), 1) if text.startswith("spec:")), 1)
        yield Finding(path, line, "anchor", spec.faults[0].problem, spec.faults[0].mend or "")
        return
    try:
        find_changes(spec, amendment)
        yield from _authority(spec, amendment)
    except AnchorError as error:
        yield from _from_error(error, "anchor", path)
    except EditError as error:
        # An empty passage is the finding of empty-section already.
        if error.faults[0].problem != EMPTY_PASSAGE:
            yield from _from_error(error, "anchor", path)


def _authority(spec: Spec, amendment: Amendment) -> Iterator[Finding]:
    for edit in amendment.edits:
        found = find_edit(spec, amendment, edit)
        places = (found.quoted or found.place.span, found.destination_quoted)
        for anchor, place in zip(edit.anchors, places, strict=False):
            if anchor.authority is None or place is None:
                continue
            level = spec.document.authority_of(spec.document.section_at(max(0, place.start - (found.quoted is None))))
            if level != anchor.authority:
                problem = (
                    f"the place has the authority level {level or 'none'}, not {anchor.authority} as when anchored"
                )
                mend = "see whether the passage still says what you mean there, then correct `authority:`"
                yield Finding(amendment.path, edit.line, "anchor", problem, mend)


def _names(workspace: Workspace, amendment: Amendment, names: tuple[str, ...]) -> Iterator[Finding]:
    placeholder = amendment.placeholder
    line = next((n for n, t in enumerate(amendment.source.splitlines(), 1) if t.startswith("placeholder:")), 1)
    named = list(find_named_placeholder(placeholder, amendment.path, line, names))
    yield from named
    if not named:
        yield from find_model_names(amendment.source, amendment.path, names, placeholder)
    scenarios = workspace.folder("scenarios") / f"{amendment.slug}.yaml"
    if scenarios.is_file():
        yield from find_model_names(read_text(scenarios), scenarios, names, placeholder)


def _spec(workspace: Workspace, amendment: Amendment, specs: dict[str, Spec | SpecError]) -> Spec | SpecError:
    if amendment.spec not in specs:
        try:
            specs[amendment.spec] = read_spec(workspace.folder("specs"), amendment.spec)
        except SpecError as error:
            specs[amendment.spec] = error
    return specs[amendment.spec]


def _from_error(error: AvenantError, rule: str, path: Path) -> Iterator[Finding]:
    for fault in error.faults:
        yield Finding(fault.path or path, fault.line or 1, rule, fault.problem, fault.mend or "")
