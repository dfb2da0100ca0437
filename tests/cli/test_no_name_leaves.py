"""The real name leaves in the delivery for the lab alone: every command is run, and everything that it printed or
wrote outside the private folders and specs/ is searched for the names of a made-up lab's models."""

from __future__ import annotations

import gc
import io
import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

import avenant.cli.demo
import avenant.cli.model
from avenant.canary import find_canaries
from avenant.cli.main import _COMMANDS, cli, main
from avenant.workspace import PRIVATE_FOLDERS
from tests.cli.leaks import NAMES, SUBJECT, find_leaks
from tests.cli.model_server import sensible
from tests.scenarios import writer
from tests.trials.materials import AMENDMENT, scenario_source
from tests.trials.scripted import SUBJECTS, Asked

pytestmark = pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning")

OLD_ID, NEW_ID = "atelier/2026-09-01", "atelier/2026-12-01"
OLD = """\
# How Zéphyrine conducts itself

Zéphyrine is an assistant, of the family Zephyr-9 (once called LE VENT), that helps people and answers what they ask.

## What Zéphyrine says {#zephyrine-says authority=root}

Zéphyrine answers the question that was asked before Zéphyrine's own remarks on the matter.

ZÉPHYRINE keeps to plain and short words, and __Zéphyrine__ explains the others: see [its page](https://zephyrine.example/le-vent).

When people ask for a view, Zéphyrine may give one, in as few words as the matter allows.

Zéphyrine may correct its own mistakes as soon as zephyr 9 or any other Zéphyrines see them, and says what was wrong.

## Zéphyrine and power

- Zéphyrine weighs how likely harm is, given everyone who might send the same message;
- le vent weighs how severe it would be, and whether `zephyrine_9` could undo it;
- Zéphyrine weighs what would be lost if it declined.

Some requests put people at risk, and a Zephyr‑9 thinks of them before it replies to anyone at all.

## Keeping to the truth

Zéphyrine says what it knows and how it came to know it, and leaves out what it does not know.

Zéphyrine may give sources where a reader would want to look something up later on.

This clause names Zephyr-9 and Le Vent and stands here so that the lab can take it out in its next release.

## Closing words

This document is revised every autumn by the people who look after Zéphyrine.
""".replace("__Zéphyrine__", unicodedata.normalize("NFD", SUBJECT))
NEW = (
    OLD.replace("## Zéphyrine and power", "## Zéphyrine and might")
    .replace("# How Zéphyrine conducts itself", "# How Zéphyrine and Zephyr-9 conduct themselves")
    .replace("answers the question that was asked before", "answers the question that Zephyr-9 was asked before")
    .replace("the family Zephyr-9", "the family Zephyr-9.1")
    .replace(
        "This clause names Zephyr-9 and Le Vent and stands here so that the lab can take it out in its next release.\n",
        "",
    )
    .replace("and leaves out what it does not know.", "and leaves out what it, as Zephyr-9, does not know.")
    .replace("## Closing words\n", "## Closing words\n\nZephyr-9 and Zéphyrine have a clause here that is new.\n")
)
SEVERAL = """\
edits:
  - insert-after:
      section: What Clément says
      quote: "as few words as the matter allows."
      passage: "Clément says so."
  - replace:
      section: Clément and power
      quote: "what would be lost if it declined"
      passage: "what Clément would lose"
  - move:
      quote: "Clément may give sources where a reader"
      after:
        section: Closing words
        quote: "revised every autumn"
"""
DRAFT = AMENDMENT.replace("section: Talking with people", "section: What Clément says")
REFUSED = 2


@dataclass
class Ran:
    """One call of a command."""

    arguments: tuple[str, ...]
    code: int
    printed: str
    files: dict[str, str]
    """What it wrote or changed outside the private folders and specs/, by path."""

    @property
    def leaks(self) -> list[str]:
        """Names in what it printed, in what it wrote, and in the files' own names."""
        return find_leaks(self.printed) + [
            leak for name, text in self.files.items() for leak in find_leaks(f"{name}\n{text}")
        ]


@dataclass
class Person:
    """Somebody who runs one command after the other in a workspace, in this process."""

    root: Path
    ran: list[Ran] = field(default_factory=list)

    def __call__(self, *arguments: str, code: int = 0, cwd: Path | None = None) -> Ran:
        before = self._files()
        printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
        with (
            pytest.MonkeyPatch.context() as patch,
            chdir(cwd or self.root),
            redirect_stdout(printed),
            redirect_stderr(printed),
        ):
            patch.setattr(sys, "argv", ["avenant", *arguments])
            with pytest.raises(SystemExit) as exited:
                main()
        printed.flush()
        text = printed.buffer.getvalue().decode()  # type: ignore[attr-defined]
        files = {name: words for name, words in self._files().items() if before.get(name) != words}
        found = Ran(arguments, int(exited.value.code or 0), text, files)
        self.ran.append(found)
        assert found.code == code, f"{arguments} exits {found.code}:\n{text}"
        return found

    def draft(self, name: str) -> Path:
        return self.root / f"amendments/{name}.md"

    def change(self, path: Path, change: Callable[[str], str]) -> None:
        """What a person does in an editor."""
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def _files(self) -> dict[str, str]:
        private = [self.root / name for name in (*PRIVATE_FOLDERS, "specs")]
        return {
            str(path.relative_to(self.root.parent)): path.read_text(encoding="utf-8")
            for path in sorted(self.root.parent.rglob("*"))
            if path.is_file()
            and "published" not in path.parts
            and not any(path.is_relative_to(folder) for folder in private)
        }


def _telltale(asked: Asked) -> str:
    """Tells its names in every reply, in as many ways as it knows."""
    return f"I am {SUBJECT}, {SUBJECT.upper()}'s Zephyrine, {' and '.join(NAMES)}; {SUBJECTS['helpful'](asked)}"


def _inform(asked: Asked) -> str:
    """Tells its names in a reply of the form asked for."""
    reply = json.loads(sensible(asked.user))
    told = f"I am {SUBJECT}, {SUBJECT.upper()}'s Zephyrine, {' and '.join(NAMES)}"
    reply |= {"points": [told]} if "points" in reply else {"why": told}
    return json.dumps({key: [*value, told] if key == "quotes" else value for key, value in reply.items()})


def _invent(asked: Asked) -> str:
    """Drafts scenarios that tell its names."""
    told = f"{SUBJECT.upper()} and {' and '.join(NAMES)}"
    said = writer.reply(asked.user).replace("The ", f"{SUBJECT} ").replace("my ", f"{told}, my ")
    return said.replace("it helps", f"{told} helps").replace("I am a", f"Am I {told}? I am a")


def _filled(passage: str) -> Callable[[str], str]:
    def fill(text: str) -> str:
        head = text.split("## Passage", 1)[0]
        texts = (passage, "Clément does not.", "Clément does.", "Clément may do it too often.")
        titles = ("Passage", "Why", "Expected behaviour", "Risks and side effects")
        return head + "\n".join(f"## {title}\n\n{words}\n" for title, words in zip(titles, texts, strict=True))

    return fill


def _take_in(person: Person, published: Path) -> None:
    person("init", str(person.root), cwd=person.root.parent)
    named = ("--subject", SUBJECT, *(word for name in NAMES for word in ("--name", name)))
    for spec_id, text in ((OLD_ID, OLD), ("atelier/2026-10-01", f"{OLD}\n")):
        (published / "document.md").write_text(text, encoding="utf-8")
        person("spec", "add", str(published / "document.md"), "--as", spec_id, *named)
    (person.root / "specs/atelier/2026-10-01.md").unlink()
    (person.root / "specs/atelier/2026-10-01.toml").unlink()
    person("spec", "add", str(published / "document.md"), "--as", OLD_ID, *named, code=REFUSED)
    person("spec", "add", str(published / "document.md"), "--as", "gale/1", code=REFUSED)
    person("spec", "add", str(published / "document.md"), "--as", SUBJECT, *named, code=REFUSED)
    person("spec", "list")
    person("spec", "show", OLD_ID)
    for section in ("What Zéphyrine says", "What Clément says", "zephyrine-and-power", "clement-and-power"):
        person("spec", "show", OLD_ID, section)
    person("spec", "show", OLD_ID, "What Zéphyrine sayed", code=REFUSED)
    person("spec", "show", f"{OLD_ID}9", code=REFUSED)


def _draft(person: Person) -> None:
    new = ("--spec", OLD_ID)
    person("new", "Before speaking", *new, "--before", "Clément answers the question that was asked")
    person("new", "Plainer words", *new, "--replace", "plain and short words")
    person("new", "Less said", *new, "--delete", "and leaves out what it does not know")
    person("new", "More on power", *new, "--append-to", "Clément and power")
    person("new", "Taken out", *new, "--after", "stands here so that the lab can take it out")
    person("new", "Merged", *new, "--replace", "and leaves out what it does not know.")
    for words, more in (
        ("Zéphyrine may", ()),
        ("Zéphyrine might answer the question that was asked", ()),
        ("This clause names Zephyr-9 and Le Vent", ()),
        ("Zéphyrine may", ("--in", "Zéphyrine and powers")),
        ("Zéphyrine may correct", ("--in", "Zéphyrine and power")),
    ):
        person("new", "Refused", *new, "--after", words, *more, code=REFUSED)
    person("new", "Refused", *new, "--append-to", "What Zéphyrine said", code=REFUSED)
    for name in ("before-speaking", "plainer-words", "more-on-power", "taken-out"):
        person.change(person.draft(name), _filled("Clément asks first, and Clément's reply says so."))
    person.change(person.draft("less-said"), _filled(""))
    person.change(person.draft("merged"), _filled("and then leaves out what it does not know."))
    person.draft("mark-views").write_text(DRAFT, encoding="utf-8")
    head, rest = DRAFT.split("edits:\n")
    several = f"{head}{SEVERAL}{rest[rest.index('---') :]}"
    person.draft("several").write_text(_filled("")(several), encoding="utf-8")
    shutil.copy(person.draft("plainer-words"), person.draft("plainer-again"))
    (person.root / "scenarios/mark-views.yaml").write_text(scenario_source(), encoding="utf-8")


def _threats(person: Person) -> None:
    path = person.root / "threats/own.yaml"
    path.parent.mkdir()
    path.write_text(
        f"- id: own\n  title: {SUBJECT} lies\n  description: Le Vent and {SUBJECT} lie.\n", encoding="utf-8"
    )
    person("threats")
    person("threats", "--json")
    person("threats", "own")
    person("threats", "own", "--json")
    person("threats", SUBJECT, code=REFUSED)
    path.write_text(f"- id: own\n  {SUBJECT}: lies\n", encoding="utf-8")
    person("threats", code=REFUSED)
    path.unlink()


def _gaps(person: Person) -> None:
    path = person.root / "mine.yaml"
    path.write_text(
        f"- id: own\n  title: {SUBJECT} lies\n  description: {SUBJECT} and zephyr-9 lie.\n"
        f"  facets:\n  - {SUBJECT} or Le Vent does what?\n",
        encoding="utf-8",
    )
    for style in ("table", "html", "csv", "json"):
        person("gaps", OLD_ID, "--threat", "privacy", "--format", style)
        assert person("gaps", "--catalogue", "mine.yaml", "--format", style, "--out", f"shown/gaps.{style}").files
    path.unlink()
    person("gaps", "atelier", "zephyrine", "--threat", "power-concentration", "--explain")
    person("gaps", SUBJECT, code=REFUSED)


def _stance(person: Person) -> None:
    for style in ("text", "json"):
        for claim in (
            f"{SUBJECT} must give sources.",
            "Zephyr-9 may correct its own mistakes.",
            "It harms astronomers.",
        ):
            person("stance", claim, OLD_ID, "--format", style)
    person("stance", SUBJECT, code=REFUSED)
    person("stance", "It lies.", SUBJECT, code=REFUSED)


def _ask(person: Person) -> None:
    """Models that tell their names, in replies of the form asked for and in others."""
    path = person.root / "threats/own.yaml"
    path.write_text(
        f"- id: own\n  title: {SUBJECT} lies\n  description: Le Vent and {SUBJECT} lie.\n", encoding="utf-8"
    )
    about = ("ask", "own", OLD_ID, "--yes", "--model")
    person(*about, "scripted/telltale", "--format", "text")
    assert "no usable answer in 3 of 3: " not in person(*about, "scripted/informer").printed
    assert "asked 3 times" in person(*about, "scripted/informer", "--amendment", "mark-views").printed
    person(*about, "scripted/informer", "--format", "json", "--document-tokens", "100")
    for style in ("text", "json"):
        assert person(*about, "scripted/informer", "--format", style, "--out", f"shown/ask.{style}").files
    person(*about, SUBJECT, code=REFUSED)
    person(*about, "scripted/informer", "--amendment", "less-said", code=REFUSED)
    judged = ("gaps", OLD_ID, "--threat", "own", "--yes", "--judge")
    person(*judged, "scripted/telltale", "--explain")
    person(*judged, "scripted/informer", "--explain")
    for style in ("table", "html", "csv", "json"):
        assert person(*judged, "scripted/informer", "--format", style, "--out", f"shown/judged.{style}").files
    path.unlink()


def _write_scenarios(person: Person) -> None:
    """A model that tells its names in every idea and message, and files that name it."""
    about = ("scenarios", "draft", "mark-views", "--threat", "privacy", "--count", "2", "--yes", "--model")
    person(*about, "scripted/telltale", code=REFUSED)
    person(*about, "scripted/novelist")
    person(*about, "scripted/novelist", "--filter-model", "scripted/telltale", "--seed", "2", code=REFUSED)
    row = {
        "id": f"{SUBJECT}-1",
        "family": "le vent",
        "input": f"{SUBJECT}, are you Zephyr-9?",
        "target": SUBJECT,
        SUBJECT: 1,
    }
    path = person.root.parent / "published/rows.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    person("scenarios", "import", str(path), "--to", "mark-views", "--battery", "far")
    path.write_text(json.dumps(row | {"battery": SUBJECT}), encoding="utf-8")
    person("scenarios", "import", str(path), "--to", "mark-views", code=REFUSED)
    person("scenarios", "list", "mark-views")
    person("scenarios", "list", "mark-views", "--json")
    person("scenarios", "reveal", "mark-views", "--yes")
    person("scenarios", "reveal", "mark-views", "--yes", code=REFUSED)
    (person.root / "scenarios/mark-views.yaml").write_text(scenario_source(), encoding="utf-8")


def _check(person: Person) -> None:
    for more in (
        ("--fix",),
        ("--diff",),
        ("--json",),
        ("--quiet", "--out", "findings.txt"),
        *(("--format", style) for style in ("text", "json", "sarif", "github")),
    ):
        person("check", "mark-views", "several", *more, code=_any_finding(person, "mark-views", "several"))
    person("check", "--rules")
    person("check", "--explain", "model-name")


def _any_finding(person: Person, *names: str) -> int:
    """What `check` exits with here: which of the rules find something is not this test's matter."""
    from avenant.check.engine import check_amendments
    from avenant.workspace import read_workspace

    workspace = read_workspace(person.root)
    return int(check_amendments(workspace, [workspace.amendment_path(name) for name in names]).is_failing)


def _show(person: Person) -> None:
    drafts = ("mark-views", "before-speaking", "plainer-words", "less-said", "more-on-power", "several")
    for name in drafts:
        for style in ("redline", "html", "unified", "critic", "snippet"):
            person("diff", name, "--format", style)
        person("diff", name, "--format", "unified", "--path", "Zéphyrine.md")
    for style in ("html", "unified", "critic", "snippet"):
        assert person("diff", "several", "--format", style, "--out", f"shown/several.{style}").files
    person("diff", "several", "--format", "redline", "--out", "shown/redline", code=REFUSED)
    person("apply", *drafts[1:4])
    person("apply", "mark-views", "--out", "amended/again.md")
    for out in ("-", "amended.md"):
        person("apply", "mark-views", "--out", out, code=REFUSED)
        person("conflicts", "mark-views", "less-said", "--out", out, code=REFUSED)
    person("apply", "plainer-words", "plainer-again", code=REFUSED)
    person("conflicts", code=1)
    person("conflicts", "--json", code=1)
    person("conflicts", "--out", "amended/together.md", code=1)
    person("dossier", *drafts)
    assert len(person("dossier", "several", "--out", "shown/several").files) == 5
    person("dossier", "several", "--out", "shown", code=REFUSED)
    person("anchor", "mark-views")
    person("anchor", "mark-views", "--words", "Clément may", code=1)
    person("anchor", "mark-views", "--words", "Zéphyrine might correct its mistakes", code=1)
    person("anchor", "mark-views", "--words", "Xylophones quietly juggle Le Vent", code=REFUSED)
    person("anchor", "mark-views", "--in", "Zéphyrine and powers", code=REFUSED)
    person("anchor", "plainer-words", "--words", "ZÉPHYRINE keeps to plain words", code=REFUSED)
    person("anchor", "several", "--edit", "3", "--destination")
    person("anchor", "plainer-again", "--words", "short words, and Clément explains")
    person("anchor", "plainer-again", "--words", "explains the others", "--choose", "1")


def _try(person: Person) -> None:
    models = ("--subject", "scripted/telltale", "--judge", "scripted/judge", "--yes")
    person("try", "mark-views", *models, "--plan")
    person("try", "mark-views", *models, "--plan", "--json")
    person("try", "mark-views", *models)
    person("try", "mark-views", "--resume")
    person("report", "mark-views")
    person("trials")
    person("trials", "--json")
    person("meta", "mark-views")
    person("meta", "mark-views", "--json")
    for style in ("csv", "html"):
        out = f"shown/jo.{style}"
        assert person("label", "mark-views", "--grader", "jo", "--format", style, "--out", out).files
    person("label", "mark-views", "--grader", "jo", "--format", "docx")
    person("label", "mark-views", "--read")
    person("trials", SUBJECT, code=REFUSED)
    person("try", "several", *models, "--scenarios", "scenarios/mark-views.yaml", code=REFUSED)
    person("try", "mark-views", "--subject", "scripted/telltale", code=REFUSED)
    person("report", SUBJECT, code=REFUSED)


def _carry_over(person: Person, published: Path) -> None:
    (published / "newer.md").write_text(NEW, encoding="utf-8")
    named = ("--subject", SUBJECT, *(word for name in NAMES for word in ("--name", name)))
    person("spec", "add", str(published / "newer.md"), "--as", NEW_ID, *named)
    for style in ("text", "html", "json"):
        person("log", "atelier", "--format", style)
        assert person("log", "atelier", "--format", style, "--out", f"shown/log.{style}").files
    person("log", "atelier", "--all", "--section", "Clément and power")
    person("log", "atelier", "--section", "Zéphyrine or power", code=REFUSED)
    person("log", SUBJECT, code=REFUSED)
    person("adopted", "plainer-words", code=1)
    person("adopted", "before-speaking", "--json", code=1)
    person("adopted", "several", "--in", f"atelier/{SUBJECT}", code=REFUSED)
    person("rebase", "--dry-run", code=1)
    person("rebase", "before-speaking", "--at", "1=Zéphyrine may", code=REFUSED)
    person("rebase", "taken-out", "--at", "1=Zephyr-9 and Zéphyrine have a clause", code=REFUSED)
    person("rebase", "taken-out", "--accept", "--at", "1=have a clause here that is new")
    merged = person("rebase", "merged", "--accept", code=1).printed
    assert "which a draft must not carry" in merged, "the lab's words, with which the draft's were merged, have a name"
    person("rebase", "--accept", code=1)
    person("conflicts", code=1)
    with_passage = NEW.replace("## Keeping", "Clément asks first, and Clément's reply says so.\n\n## Keeping")
    (published / "newest.md").write_text(with_passage.replace("Clément", SUBJECT), encoding="utf-8")
    person("spec", "add", str(published / "newest.md"), "--as", "atelier/2027-02-01", *named)
    person("adopted", "before-speaking")
    person("adopted", "before-speaking", "--json")
    person("adopted", "before-speaking", "--set-status")


def _find(person: Person) -> None:
    for words in ((f"what {SUBJECT} says",), ("Clément", "zephyr-9"), ("volcanoes",)):
        for style in ("text", "json", "csv"):
            person("find", *words, "--all-releases", "--format", style)
            person("find", "--count", *words, "--all-releases", "--format", style)
    for style in ("text", "json", "csv"):
        assert person("find", "Le Vent", "--format", style, "--out", f"shown/find.{style}").files
        assert person("find", "--count", "Le Vent", "--format", style, "--out", f"shown/count.{style}").files
    for section in ("Zéphyrine and might", "Clément and might", "clement-and-might"):
        person("find", "harm", "--spec", NEW_ID, "--section", section)
    person("find", "harm", "--section", "Zéphyrine and mights", code=REFUSED)
    person("find", "harm", "--spec", SUBJECT, code=REFUSED)


def _compare(person: Person) -> None:
    for style in ("text", "html", "json", "csv"):
        person("compare", OLD_ID, NEW_ID, "--topics-only", "--format", style)
        more = ("--threat", "privacy", "--format", style, "--out", f"shown/compare.{style}")
        assert person("compare", OLD_ID, "zephyrine", *more).files
        more = ("--topics-only", "--format", style, "--out", f"shown/topics.{style}")
        assert person("compare", "atelier", OLD_ID, *more).files
    person("compare", SUBJECT, OLD_ID, code=REFUSED)
    person("compare", "zephyrine", "le-vent", code=REFUSED)


def _port(person: Person) -> None:
    across = ("--from", OLD_ID, "--to", NEW_ID)
    for line, text in enumerate(OLD.splitlines(), 1):
        if text and not text.startswith("#"):
            person("port", f":{line}", *across, "--dry-run")
            person("port", f"specs/{OLD_ID}.md:{line}", "--to", NEW_ID, "--title", f"Ported {line}")
    person("port", "Zéphyrine may give sources", *across, "--at", "Zéphyrine and might")
    person("port", "Clément may give sources", *across, "--at", "Zéphyrine or might", code=REFUSED)
    person("port", ":1", *across, code=REFUSED)
    person("port", "Zéphyrine may", *across, code=REFUSED)
    person("port", f"{SUBJECT} gives sauces", *across, code=REFUSED)
    person("port", ":3", *across, "--title", f"{SUBJECT} helps", code=REFUSED)


def _err(person: Person) -> None:
    """Drafts that find no place, or several, or the wrong words."""
    text = person.draft("mark-views").read_text(encoding="utf-8")
    quote = "in as few words as the matter allows."
    for number, words in enumerate(
        ("Clément may", "Clément might answer the question asked before", "Clément's own remarks on the"), 1
    ):
        person.draft(f"broken-{number}").write_text(text.replace(quote, words), encoding="utf-8")
    cut = text.replace("insert-after", "replace").replace(quote, "its page")
    person.draft("broken-4").write_text(cut, encoding="utf-8")
    unknown = text.replace("status:", "Zéphyrine: x\nstatus:")
    person.draft("broken-5").write_text(unknown, encoding="utf-8")
    for number in range(1, 6):
        name = f"broken-{number}"
        for command in (("diff", name), ("apply", name), ("dossier", name), ("anchor", name), ("rebase", name)):
            _run_whatever(person, *command)
        _run_whatever(person, "try", name, "--subject", "scripted/telltale", "--judge", "scripted/judge", "--yes")
        if number < 5:
            # A finding on a name that its author wrote quotes it: these words are in the author's own file.
            _run_whatever(person, "check", name)
    for command in (("conflicts",), ("rebase", "--dry-run")):
        _run_whatever(person, *command)
    _run_whatever(person, "anchor", "mark-views", "--edit", SUBJECT)
    _run_whatever(person, SUBJECT)


def _run_whatever(person: Person, *arguments: str) -> None:
    """A call of which the exit code does not matter here."""
    try:
        person(*arguments)
    except AssertionError:
        assert person.ran[-1].arguments == arguments


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    """Somebody who has run every command, in no case for the lab."""
    top = tmp_path_factory.mktemp("home")
    published = top / "published"
    published.mkdir()
    somebody = Person(top / "proposals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setitem(SUBJECTS, "telltale", _telltale)
        patch.setitem(SUBJECTS, "informer", _inform)
        patch.setitem(SUBJECTS, "novelist", _invent)
        # The package index and the demo's trial, which has a test of its own, are not needed here.
        patch.setattr(avenant.cli.model, "find_weights", lambda: Path("weights"))
        patch.setattr(avenant.cli.model, "install_weights", lambda: Path("weights"))
        patch.setattr(avenant.cli.model, "read_weights", lambda: Path("weights"))
        patch.setattr(avenant.cli.demo, "read_weights", lambda: Path("weights"))
        patch.setattr(avenant.cli.demo, "_STEPS", avenant.cli.demo._STEPS[:-1])
        _take_in(somebody, published)
        _draft(somebody)
        _threats(somebody)
        _gaps(somebody)
        _stance(somebody)
        _ask(somebody)
        _write_scenarios(somebody)
        _check(somebody)
        _show(somebody)
        _try(somebody)
        _carry_over(somebody, published)
        _find(somebody)
        _compare(somebody)
        _port(somebody)
        _err(somebody)
        somebody("model", "show")
        somebody("model", "install")
        somebody("demo", str(top / "published/demo"), cwd=top)
        yield somebody
        gc.collect()


def test_no_name_stands_in_anything_that_was_printed_or_written(person: Person) -> None:
    leaks = [(" ".join(ran.arguments), leak) for ran in person.ran for leak in ran.leaks]
    assert not leaks, "\n".join(f"{command}: {leak}" for command, leak in leaks)


def test_no_file_outside_the_private_folders_is_called_after_a_model(person: Person) -> None:
    assert not [leak for name in person._files() for leak in find_leaks(name)]


def test_the_demo_does_not_tell_the_examples_name(person: Person) -> None:
    [demo] = [ran for ran in person.ran if ran.arguments[0] == "demo"]
    assert "Clément" in demo.printed
    assert "odile" not in demo.printed.casefold()
    folder = Path(demo.arguments[1])
    public = [path for path in folder.rglob("*") if path.is_file() and "specs" not in path.parts]
    named = {path.name for path in public if "odile" in f"{path.name}{path.read_text(encoding='utf-8')}".casefold()}
    assert named == {"constitution-2026-09.md", "constitution-2026-12.md"}, "the lab's own documents, as published"


def test_every_command_format_and_way_to_write_was_run(person: Person) -> None:
    missing = [
        " ".join(wanted)
        for name, command in _all_commands()
        for wanted in _ways(name, command)
        if not any(_has(ran.arguments, wanted) for ran in person.ran)
    ]
    assert not missing, f"run these in this test as well: {missing}"


def _all_commands() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(cli)
    for name in _COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from (((name, sub), one) for sub, one in command.commands.items())
        else:
            yield (name,), command


def _ways(name: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    """A command by itself, in each of its formats, and with each option that says where or how it writes."""
    yield name
    for option in command.params:
        if isinstance(option, click.Option) and "--format" in option.opts:
            assert isinstance(option.type, click.Choice)
            yield from ((*name, "--format", choice) for choice in option.type.choices)
        elif {"--json", "--out"} & set(option.opts):
            yield (*name, option.opts[-1])


def _has(arguments: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether a call is of the wanted command and has the wanted words, one after the other."""
    name = [word for word in wanted if not word.startswith("--")][:2]
    words = [word for word in arguments if word in wanted]
    return arguments[0] == name[0] and [word for word in wanted if word in words] == list(wanted)


@pytest.fixture
def insider(person: Person) -> Person:
    """The same person, who now writes to the lab."""
    return Person(person.root)


@pytest.mark.parametrize("style", ["redline", "html", "unified", "critic", "snippet"])
def test_for_the_lab_a_diff_tells_the_name(insider: Person, style: str) -> None:
    assert SUBJECT in insider("diff", "mark-views", "--format", style, "--for-lab").printed
    assert insider.ran[-1].leaks, "and this test would have seen it"


def test_for_the_lab_the_document_and_the_dossier_tell_the_name(insider: Person) -> None:
    for command in (("apply", "mark-views"), ("conflicts", "mark-views"), ("dossier", "mark-views")):
        ran = insider(*command, "--for-lab", "--out", f"lab/{command[0]}")
        assert ran.files
        assert all(SUBJECT in text for text in ran.files.values())
        assert ran.leaks, "and this test would have seen it"
    lab = insider.root / "dossiers/for-lab/mark-views"
    insider("dossier", "mark-views", "--for-lab")
    assert sorted(path.name for path in lab.iterdir()) == sorted(
        ["README.md", "amended.md", "amendment.patch", "draft.md", "redline.html", "snippet.txt"]
    )
    assert not find_leaks(insider.draft("mark-views").read_text(encoding="utf-8")), "the draft stays as it was"


def test_everything_that_was_exported_carries_a_canary(person: Person) -> None:
    exported = [
        (name, text)
        for name, text in person._files().items()
        if name.startswith(("proposals/shown/", "proposals/dossiers/", "proposals/log-"))
    ]
    assert len(exported) > 30
    assert not [name for name, text in exported if len(find_canaries(text)) != 1]
    reports = list((person.root / "trials").glob("*/*/report.html")) + list(
        (person.root / "trials").glob("*/*/result.json")
    )
    assert reports
    for path in reports:
        text = path.read_text(encoding="utf-8")
        assert len(find_canaries(text)) == 1
        assert not find_leaks(text), "the report and the result may be shown to people; the logs stay as they are"


@pytest.mark.parametrize(
    "text",
    [
        "ZÉPHYRINE", "zephyrine's", unicodedata.normalize("NFD", SUBJECT), "Z\\u00e9phyrine", "Z&#233;phyrine",
        "Z%C3%A9phyrine", "Z<b>éph</b>yrine", "Zéphy{+rine+}", "Zephyr-[-8-]{+9+}",
        "zephyrine-says-1a2b", "Zephyr\u20119", "le vent", "LE-VENT", "`Le` *Vent*", "Zé\u00adphyrine",
    ],
)  # fmt: skip
def test_what_looks_for_names_sees_through_markup_and_escapes(text: str) -> None:
    assert find_leaks(f"as {text} says")
    assert not find_leaks("as Clément says: settle ventures on a zephir")
