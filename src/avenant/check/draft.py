"""What rules look at: a draft with its document, its scenarios and its places, each found once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from avenant.amendments.amendment import Amendment
from avenant.amendments.place import FoundEdit, find_edit
from avenant.check.finding import Fix, Shown
from avenant.check.names import FoundName, find_names
from avenant.check.passage import Passage, find_passages
from avenant.check.placeholder import PlaceholderFault, find_placeholder_faults
from avenant.check.style import DocumentStyle, learn_style
from avenant.errors import AnchorError, EditError
from avenant.scenarios import ScenarioFile
from avenant.specs.document import Span
from avenant.specs.library import Spec
from avenant.text import cut_at_word, mask_names, split_lines

_TOKEN = 200
_S = re.compile(r"^(?:['’]?[sS])(?![\w-])")
"""A possessive or a plural."""
_SHOWN = 160
"""Characters of a clause that are shown."""


@dataclass(frozen=True)
class TextFile:
    """A text file of the workspace, with the names that it must not carry."""

    path: Path
    source: str
    """All of it."""
    names: tuple[str, ...]
    """Real names of models, products and families, the document's own first."""
    subject_names: tuple[str, ...]
    """Those of them that the placeholder stands for."""
    placeholder: str
    """The name to write instead."""

    @cached_property
    def found_names(self) -> tuple[FoundName, ...]:
        """The names in the text, but for the document's id in the front matter: it names a lab and a date."""
        head = re.match(r"\ufeff?---[ \t]*\r?\n(?:.*\n)*?(?P<spec>spec:.*)", self.source)
        let_pass = head.span("spec") if head and "\n---" not in head.group() else (0, 0)
        found = find_names(self.source, self.names)
        return tuple(one for one in found if not let_pass[0] <= one.start < let_pass[1])

    def fix_of(self, found: FoundName) -> Fix | None:
        """The placeholder in a name's place; None where that takes judgement.

        The placeholder stands for the document's own model alone, and only where a word of running text names it: an
        address, an id or a line of code would be broken by another word, and part of a longer word would be spoilt.
        """
        before = re.search(r"\S*$", self.source[max(0, found.start - _TOKEN) : found.start])
        after = re.match(r"\S*", self.source[found.end : found.end + _TOKEN])
        beside = (before.group() if before else "", after.group() if after else "")
        is_word = re.search(r"[\w-]$", beside[0]) is None and re.match(r"-?\w", _S.sub("", beside[1])) is None
        is_address = any(re.search(r"[/@#=&%`_~\\]|\w[.:]\w|[.:]\w", part) for part in beside)
        written = self.source[found.start : found.end]
        is_name = found.disguise or re.fullmatch(rf"{re.escape(found.name)}[\s‐-–-]?[\d.]*", written, re.IGNORECASE)
        if found.name not in self.subject_names or not is_name or not is_word or is_address:
            return None
        return Fix(found.start, found.end, self.placeholder)

    def line_at(self, offset: int) -> int:
        """Line of a character, from 1, as editors count them."""
        return len(split_lines(self.source[:offset]))


@dataclass(frozen=True)
class Draft:
    """One draft with all that belongs to it."""

    amendment: Amendment
    spec: Spec | None
    """The document; None where the workspace does not have it."""
    newer: tuple[str, ...]
    """Ids of the lab's releases after the draft's, older ones first."""
    names: tuple[str, ...]
    """Real names of models, products and families, none of which may stand in the draft."""
    workspace_placeholder: str
    """The placeholder that the workspace has settled on."""
    scenarios: ScenarioFile | None
    """The draft's scenarios; None where it has none or they cannot be read."""

    @property
    def path(self) -> Path:
        """The draft's file."""
        return self.amendment.path

    @property
    def source(self) -> str:
        """The draft's whole text."""
        return self.amendment.source

    @cached_property
    def places(self) -> dict[int, FoundEdit]:
        """The edits that find their place, by the line of the edit."""
        found = {}
        for edit in self.amendment.edits if self.spec else ():
            assert self.spec is not None
            try:
                found[edit.line] = find_edit(self.spec, self.amendment, edit)
            except (AnchorError, EditError):
                # The rule `anchor` says so; the others have nothing to look at.
                continue
        return found

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The words that each edit adds."""
        return tuple(find_passages(self.amendment, self.places))

    @cached_property
    def style(self) -> DocumentStyle | None:
        """How the document is written, learned once for all its drafts; None where the document is unknown."""
        return learn_style(self.spec.document, self.spec.manifest.subject) if self.spec else None

    @property
    def subject_names(self) -> tuple[str, ...]:
        """What the model is called in the passages: the placeholder, or a common noun such as "the assistant"."""
        subject = self.spec.manifest.subject if self.spec else ""
        common = (subject,) if subject.startswith("the ") else ()
        return (self.amendment.placeholder, *common)

    @cached_property
    def placeholder_faults(self) -> tuple[PlaceholderFault, ...]:
        """What speaks against the draft's placeholder."""
        text = self.spec.document.text if self.spec else ""
        name = self.amendment.placeholder
        return find_placeholder_faults(name, text, self.workspace_placeholder, self.names)

    def key_line(self, key: str) -> int:
        """Line of a key of the front matter, from 1; the first line where the key is not there."""
        lines = enumerate(self.source.splitlines(), 1)
        return next((number for number, text in lines if text.startswith(f"{key}:")), 1)

    def section_line(self, title: str) -> int:
        """Line of the heading of one of the draft's sections, from 1; the first line where it is not there."""
        return self.amendment.section_lines.get(title, 1)

    def masked(self, text: str) -> str:
        """A text of the document as the draft may show it: with the placeholder for the lab's model names."""
        return mask_names(text, self.spec.model_names, self.amendment.placeholder) if self.spec else text

    def shown(self, span: Span) -> Shown:
        """A place of the document, to be shown with a flaw; the document must be known."""
        assert self.spec is not None
        document = self.spec.document
        words = self.masked(cut_at_word(document.slice(span), _SHOWN))
        return Shown(self.spec.path, document.line(span.start), words)
