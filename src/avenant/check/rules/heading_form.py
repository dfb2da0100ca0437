"""heading-form: a heading in the passage is not made like the document's headings.

Found are headings that skip a level, go deeper than any of the document's, are underlined where the document has
`#`, lack an id where all others have one, have an id that is joined otherwise, an attribute that no other heading has,
Or Are Written So where the document's are not. All of it is learned from the document.

Example: `#### Trade secrets` right below a heading of level 2; `### Trade Secrets {#trade-secrets}` in a document that
writes `### Trade secrets {#trade_secrets}`.

Instead: the next level, and the form that the headings beside it have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Fix, Flaw
from avenant.check.heading_style import HeadingStyle, is_underlined, own_id, title_case
from avenant.check.landing_place import headings_of, section_of
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage
from avenant.specs.document import Section
from avenant.text import slugify


def find_heading_form(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each thing that is otherwise about a heading."""
    for passage in draft.passages if draft.style else ():
        assert draft.style is not None
        assert draft.spec is not None
        section = section_of(draft.spec.document, passage)
        before = section.level if section else None
        for heading in headings_of(passage):
            line = passage.line_at(heading.span.start)
            style = draft.style.headings
            flaws = (*_level_flaws(style, heading, before), *_manner_flaws(style, passage, heading))
            for problem, mend, fix in flaws:
                yield Flaw(draft.path, line, draft.masked(f"the heading “{heading.title}” {problem}"), mend, fix)
            before = heading.level


_Problem = tuple[str, str, Fix | None]


def _level_flaws(style: HeadingStyle, heading: Section, before: int | None) -> Iterator[_Problem]:
    if before is not None and heading.level > before + 1 and not style.has_gaps:
        problem = f"has level {heading.level} right below one of level {before}"
        yield problem, f"write it with {'#' * (before + 1)}; the document skips no level", None
    elif heading.level > style.depth > 0:
        problem = f"has level {heading.level}, and the document goes down to {style.depth}"
        yield problem, "write a paragraph, or make it a heading further up", None


def _manner_flaws(style: HeadingStyle, passage: Passage, heading: Section) -> Iterator[_Problem]:
    document = parse_passage(passage.text).document
    if is_underlined(document, heading) and not style.has_underlines:
        yield "is underlined", f"write `{'#' * heading.level} {heading.title}`, as the document does", None
    id_ = own_id(document, heading)
    if style.has_ids and id_ is None:
        wanted = slugify(heading.title).replace("-", style.id_joint or "-")
        yield "has no id", f"write {{#{wanted}}} behind it, as the document's headings have", None
    if not style.has_ids and id_ is not None:
        yield "has an id, and the document's have none", f"take out {{#{id_}}}", None
    wrong = {"_": "-", "-": "_"}.get(style.id_joint)
    if id_ is not None and wrong and wrong in id_:
        wanted = id_.replace(wrong, style.id_joint)
        yield f"has the id {id_!r}, and the document joins ids with {style.id_joint!r}", f"write {{#{wanted}}}", None
    elif id_ is not None and style.has_ids and not re.fullmatch(r"[a-z0-9]+(?:[_-][a-z0-9]+)*", id_):
        yield f"has the id {id_!r}", "write small letters, digits and the document's joint alone", None
    for key, _ in heading.attributes:
        if key not in style.keys:
            known = f"known: {', '.join(sorted(style.keys))}" if style.keys else "the document's headings have none"
            yield f"has the attribute {key!r}", known, None
    case = title_case(heading.title)
    if style.is_title_case is not None and case is not None and case != style.is_title_case:
        wanted = "With Capitals" if style.is_title_case else "without capitals inside"
        yield f"is written with{'' if case else 'out'} capitals", f"write it {wanted}, as the document does", None


RULE = Rule("heading-form", "warning", "an editor has to make it like the others", find_heading_form)
