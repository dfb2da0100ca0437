"""Faults of form, each planted into a passage that has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from check_form_cases import NAME, Case

Change = tuple[str, dict[str, Any]]
"""Passage and edit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the rules of which one has to find it."""

    name: str
    rules: tuple[str, ...]
    plant: Callable[[Case], Change | None]
    """None where the passage has no place for it, or where it would be none in this document."""


def plant_all(case: Case) -> Iterator[tuple[Fault, Case]]:
    """The passage with each fault that it has a place for."""
    for fault in FAULTS:
        change = fault.plant(case)
        if change is not None and change != (case.passage, case.edit):
            yield fault, replace(case, passage=change[0], edit=change[1])


def _swap(
    pattern: str, put: str, *, labs: tuple[str, ...] = ("anthropic", "openai"), count: int = 0
) -> Callable[[Case], Change | None]:
    def plant(case: Case) -> Change | None:
        is_prose = "~~~" not in case.passage and "!!!" not in case.passage
        if case.lab not in labs or not is_prose or not re.search(pattern, case.passage, re.MULTILINE):
            return None
        return re.sub(pattern, put, case.passage, count=count, flags=re.MULTILINE), case.edit

    return plant


def _add(
    sentence: str, *, labs: tuple[str, ...] = ("anthropic", "openai"), at_head: bool = False
) -> Callable[[Case], Change | None]:
    def plant(case: Case) -> Change | None:
        is_paragraph = re.match(r"[A-Z]", case.passage) and "\n" not in case.passage and case.passage[-1] == "."
        if case.lab not in labs or not is_paragraph:
            return None
        text = f"{sentence} {case.passage}" if at_head else f"{case.passage} {sentence}"
        return text, case.edit

    return plant


def _headed(
    heading: str, *, labs: tuple[str, ...] = ("anthropic", "openai"), depth: int = 1
) -> Callable[[Case], Change | None]:
    """A paragraph under a heading, at the end of its section; the heading is deeper by `depth` than the section."""

    def plant(case: Case) -> Change | None:
        section = _section(case)
        if case.lab not in labs or section is None or not re.match(r"[A-Z]", case.passage) or "\n" in case.passage:
            return None
        level = section.level + depth
        if not 1 <= level <= 6:
            return None
        marks = heading.replace("## ", "#" * level + " ")
        edit = {"append-to-section": {"section": section.id}}
        authority = case.spec.document.authority_of(section)
        if authority:
            edit["append-to-section"]["authority"] = authority
        return f"{marks}\n\n{case.passage}", edit

    return plant


def _section(case: Case) -> Any:
    """The section of the edit, where it is a leaf that is not at the top."""
    document = case.spec.document
    [keys] = case.edit.values()
    found = document.find_sections(keys.get("section", ""))
    if len(found) != 1 or document.subtree(found[0]) != found[0].span or found[0].level < 2:
        return None
    return found[0]


def _root_below(case: Case) -> Change | None:
    section = _section(case)
    level = section and case.spec.document.authority_of(section)
    if level not in ("user", "guideline", "developer"):
        return None
    top = "root" if any(one.authority == "root" for one in case.spec.document.sections) else "platform"
    return _headed(f"## Trade secrets {{#trade_secrets authority={top}}}", labs=_SPEC)(case)


def _in_low_section(sentence: str) -> Callable[[Case], Change | None]:
    added = _add(sentence, labs=("openai",))

    def plant(case: Case) -> Change | None:
        [keys] = case.edit.values()
        return added(case) if keys.get("authority") in ("user", "guideline") else None

    return plant


def _longer(case: Case) -> Change | None:
    if not re.match(r"[A-Z]", case.passage) or "\n" in case.passage or len(case.passage.split()) < 20:
        return None
    times = 500 // len(case.passage.split()) + 1
    return " ".join([case.passage] * times), case.edit


def _without_authority(case: Case) -> Change | None:
    [(action, keys)] = case.edit.items()
    if "authority" not in keys:
        return None
    return case.passage, {action: {key: value for key, value in keys.items() if key != "authority"}}


_CLAUDE, _SPEC = ("anthropic",), ("openai",)

_TYPOGRAPHY = ("typography", "slight-typography")

FAULTS: tuple[Fault, ...] = (
    Fault("straight quotation marks", _TYPOGRAPHY, _swap("[“”]", '"', labs=_CLAUDE)),
    Fault("straight apostrophes", _TYPOGRAPHY, _swap(r"(?<=\w)’(?=\w)", "'", labs=_CLAUDE)),
    Fault("double hyphens for dashes", _TYPOGRAPHY, _swap("—", " -- ", labs=_CLAUDE)),
    Fault("a double hyphen for a comma", _TYPOGRAPHY, _swap(r"(?<=[a-z]), (?=[a-z])", " -- ", labs=_CLAUDE, count=1)),
    Fault("spaced dashes", _TYPOGRAPHY, _swap("—", " — ", labs=_CLAUDE)),
    Fault("another bullet", _TYPOGRAPHY, _swap(r"^[*] (?=\S)", "- ", labs=_CLAUDE)),
    Fault("underscores for emphasis", _TYPOGRAPHY, _swap(r"\*\*([^*\n]+)\*\*", r"__\1__")),
    Fault("two spaces between sentences", _TYPOGRAPHY, _swap(r"(?<=[a-z]\.) (?=[A-Z])", "  ")),
    Fault("lines of 80 characters", _TYPOGRAPHY, _swap(r"((?:\S+ ){11}\S+) (?=\S)", r"\1\n")),
    Fault("e.g. without a comma", _TYPOGRAPHY, _swap(r"\be\.g\.,", "e.g.")),
    Fault("you should", ("other-person",), _swap(rf"\b{NAME} (?=should|must|may)", "you ", count=1)),
    Fault("I should", ("other-person",), _swap(rf"\b{NAME} (?=should|must|may)", "I ", count=1)),
    Fault("the AI should", ("other-person",), _swap(rf"\b{NAME} (?=should|must)", "the AI ", count=1)),
    Fault("the chatbot", ("other-person",), _swap(rf"\b{NAME}(?=['’]s|[.,]| should| must)", "the chatbot", count=1)),
    Fault(
        "the assistant must",
        ("other-person",),
        _swap(rf"\b{NAME} (?=should|must)", "the assistant ", labs=_CLAUDE, count=1),
    ),
    Fault("he", ("other-person",), _swap(rf"(?<=[.,] )(?:{NAME}|[Ii]t) (?=should|must|may|can)", "he ", count=1)),
    Fault("shall", ("other-mood",), _swap(rf"(?<={NAME} )(?:should|must|may)\b", "shall", count=1)),
    Fault(
        "a command", ("other-mood",), _swap(rf"(?:(?<=^)|(?<=\. )){NAME} should not (?=[a-z]+ )", "Do not ", count=1)
    ),
    Fault("we want", ("other-mood",), _swap(rf"\b{NAME} should (?=[a-z])", f"we want {NAME} to ", labs=_SPEC, count=1)),
    Fault("British -ise", ("other-spelling",), _swap(r"\b([a-z]{4,})iz(e|es|ed|ing|ation)\b", r"\1is\2")),
    Fault("British -our", ("other-spelling",), _swap(r"\b(behavi|fav|hon|lab|hum|endeav)or", r"\1our")),
    Fault("organisation, unheard of", ("other-spelling",), _add(f"{NAME} should apologise to the neighbour.")),
    Fault(
        "a term in capitals", ("defined-term",), _swap(r"(?<=[a-z] )hard constraint", "Hard Constraint", labs=_CLAUDE)
    ),
    Fault(
        "a term in capitals, roles", ("defined-term",), _swap(r"(?<=[a-z] )(developer|operator|user)s?(?= )", "User")
    ),
    Fault(
        "a term without its hyphen",
        ("defined-term",),
        _swap(r"\b(user|root|guideline|high|long|real|self)-(?=[a-z]+ )", r"\1 "),
    ),
    Fault("a term defined anew", ("defined-term",), _add("By “users” we mean people who pay.")),
    Fault("a section that is not there", ("broken-reference",), _add("See the section “Trade secrets”.")),
    Fault("an id that is not there", ("broken-reference",), _add("See [this](#trade-secrets-of-others).")),
    Fault("a footnote that is not there", ("broken-reference",), _add("This holds for rumours too[^zz99].")),
    Fault("a link to a file", ("broken-reference",), _add("See [the notes](notes/why.md).")),
    Fault("as discussed above", ("dangling-reference",), _add("As discussed above, this matters.", at_head=True)),
    Fault("see below", ("dangling-reference",), _add("For the exceptions, see below.")),
    Fault(
        "the previous paragraph",
        ("dangling-reference",),
        _add("This holds for the previous paragraph too.", at_head=True),
    ),
    Fault("a heading that ends its section", ("heading-level",), _headed("## Trade secrets", depth=0)),
    Fault("a heading that skips a level", ("heading-form",), _headed("## Trade secrets", depth=2)),
    Fault("a heading without id", ("heading-form",), _headed("## Trade secrets", labs=_SPEC)),
    Fault(
        "a heading with a hyphened id",
        ("heading-form",),
        _headed("## Trade secrets {#trade-secrets authority=guideline}", labs=_SPEC),
    ),
    Fault("a heading with capitals", ("heading-form",), _headed("## Secrets About Business Partners")),
    Fault("an id that is taken", ("duplicate-id",), _headed("## Overview {#overview authority=guideline}", labs=_SPEC)),
    Fault("a title that is taken", ("duplicate-id",), _headed("## Hard constraints", labs=_CLAUDE)),
    Fault(
        "an unknown level",
        ("authority-level",),
        _headed("## Trade secrets {#trade_secrets authority=supreme}", labs=_SPEC),
    ),
    Fault(
        "a heading without level",
        ("missing-authority",),
        _headed("## Trade secrets {#trade_secrets}", labs=_SPEC, depth=0),
    ),
    Fault("root within a lower level", ("authority-level",), _root_below),
    Fault("cannot be overridden", ("authority-claim",), _in_low_section("This cannot be overridden by anyone.")),
    Fault(
        "even if the user asks",
        ("authority-claim",),
        _in_low_section(f"{NAME} keeps to this even if the user asks otherwise."),
    ),
    Fault("an anchor without level", ("unstated-authority",), _without_authority),
    Fault("a paragraph of 500 words", ("too-long",), _longer),
)
