"""The bundle: what a dossier holds, gathered from an amendment and its document, as files with a name and a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from avenant.amendments.amendment import SECTIONS, STATED_VIEW, Amendment, split_front_matter
from avenant.amendments.apply import Change, apply_changes, find_changes
from avenant.canary import canary_line
from avenant.dossier.export import (
    LAB_NOTE,
    export_page,
    export_patch,
    export_snippet,
    export_words,
    make_instructions,
)
from avenant.errors import EditError, Fault
from avenant.specs.library import Spec

COVER = "README.md"
_ABOUT = {
    COVER: "this page: the amendment in a minute",
    "redline.html": "the edited places, word by word, with the clauses before and after; opens in any browser",
    "snippet.txt": "what to do where, and the words to paste",
    "amendment.patch": "the change as a unified diff, for `git apply`",
    "amended.md": "the whole document as amended; it differs in the edited places alone, byte for byte",
    "draft.md": "the author's draft",
}
FILE_NAMES = tuple(_ABOUT)
"""All files that a dossier can hold."""
_FOR_READING = {"amendment.patch": "the change as a unified diff, for reading"}
_KEPT_KEYS = ("placeholder:", "spec:")
"""Lines of a draft's front matter that say no name of the model's."""


@dataclass(frozen=True, slots=True)
class DossierFile:
    """One file of a dossier."""

    name: str
    """One of `FILE_NAMES`."""
    text: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a dossier is made from."""

    spec: Spec
    amendment: Amendment
    changes: tuple[Change, ...]
    path: str
    """The document's path in the lab's repository."""
    is_for_lab: bool
    """Whether the files speak of the model's real name; else they speak of the placeholder."""


def gather_bundle(spec: Spec, amendment: Amendment, *, path: str = "", is_for_lab: bool = False) -> Bundle:
    """What a dossier is made from.

    Args:
        spec: the document.
        amendment: the draft; nothing of it changes.
        path: the document's path in the lab's repository; empty: its file's name here.
        is_for_lab: whether the files speak of the model's real name.

    Raises:
        EditError: sections of the draft are missing or empty, all of them at once, or it cannot be applied.
        AnchorError: an anchor is not found exactly once.
    """
    if faults := list(_empty_sections(amendment)):
        raise EditError.from_faults(faults)
    return Bundle(spec, amendment, find_changes(spec, amendment), path or spec.path.name, is_for_lab)


def make_files(bundle: Bundle) -> tuple[DossierFile, ...]:
    """The files of a dossier, the cover first."""
    spec, amendment, changes, for_lab = bundle.spec, bundle.amendment, bundle.changes, bundle.is_for_lab
    texts = {
        "redline.html": export_page(spec, amendment, changes, is_for_lab=for_lab),
        "snippet.txt": export_snippet(spec, amendment, is_for_lab=for_lab),
        "amendment.patch": export_patch(spec, amendment, changes, bundle.path, is_for_lab=for_lab),
        **({"amended.md": apply_changes(spec.document.text, changes)} if for_lab else {}),
        "draft.md": _draft(bundle),
    }
    cover = DossierFile(COVER, _cover(bundle, (COVER, *texts)))
    return (cover, *(DossierFile(name, text) for name, text in texts.items()))


def _empty_sections(amendment: Amendment) -> Iterator[Fault]:
    """A lab insider has minutes: without the reason, the behaviour and the risks a passage cannot be weighed."""
    needs_passage = any(edit.is_adding and edit.passage is None for edit in amendment.edits)
    for title in SECTIONS:
        if not amendment.sections.get(title) and (title != "Passage" or needs_passage):
            line = amendment.section_lines.get(title)
            yield Fault(f"the section {title!r} is {'empty' if line else 'missing'}", amendment.path, line, "write it")


def _cover(bundle: Bundle, names: tuple[str, ...]) -> str:
    spec, amendment = bundle.spec, bundle.amendment

    def words(text: str) -> str:
        return export_words(spec, amendment, text, is_for_lab=bundle.is_for_lab)

    authors = f", proposed by {', '.join(amendment.authors)}" if amendment.authors else ""
    parts = [
        f"# {words(amendment.title)}",
        f"An amendment to {words(spec.manifest.title)} ({spec.id}){authors}.",
        LAB_NOTE if bundle.is_for_lab else _placeholder_note(bundle),
        "## The change",
    ]
    for one in make_instructions(spec, amendment, is_for_lab=bundle.is_for_lab):
        parts += [f"{one.where}{':' if one.texts else '.'}", *map(_quoted, one.texts)]
    for title in (*SECTIONS[1:], STATED_VIEW):
        if amendment.sections.get(title):
            parts += [f"## {title}", words(amendment.sections[title])]
    about = _ABOUT if bundle.is_for_lab else _ABOUT | _FOR_READING
    rows = (f"| [{name}]({name}) | {about[name]} |" for name in names)
    parts += ["## Files", "\n".join(["| file | what it is |", "|---|---|", *rows]), canary_line(amendment.canary)]
    return "\n\n".join(parts) + "\n"


def _placeholder_note(bundle: Bundle) -> str:
    subject = bundle.spec.manifest.subject
    stands_for = subject if subject[:1].islower() else "the model's name"
    return (
        f"{bundle.amendment.placeholder} stands for {stands_for}, so that this may be published without its becoming "
        "training data about a model by its name."
    )


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip("\r\n").splitlines())


def _draft(bundle: Bundle) -> str:
    """The draft's file; its front matter goes on saying what the placeholder is."""
    amendment = bundle.amendment
    body = split_front_matter(amendment.source, amendment.path)[1]
    head = amendment.source[: len(amendment.source) - len(body)]

    def words(text: str) -> str:
        return export_words(bundle.spec, amendment, text, is_for_lab=bundle.is_for_lab)

    lines = (line if line.startswith(_KEPT_KEYS) else words(line) for line in head.splitlines(keepends=True))
    return "".join(lines) + words(body)
