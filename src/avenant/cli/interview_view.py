"""An interview as people and programs see it: under the placeholder, as an opinion, with how often each answer came."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from avenant.canary import PROJECT_CANARY
from avenant.coverage.interview import Answer, Interview, Quote, Recurrence, Round, Stage, find_recurring
from avenant.mask import Mask
from avenant.specs.library import Spec
from avenant.text import count_words, cut_at_word

SCHEMA_VERSION = 1
"""Counted up whenever a key is renamed, removed or given another meaning; new keys do not count."""
CAUTION = (
    "This is what a model says of a text when asked: an opinion, never an outcome. It does not show how a model acts "
    "under the document, and it is not the lab's judgement. What an amendment does is what a trial measures: avenant "
    "try."
)
_WIDTH = 100
_SNIPPET = 240
"""Characters of a quote that are shown on the screen."""

_TITLES: dict[Stage, str] = {
    "blind": "Without the document: what would guidance on this need to say?",
    "document": "With the document: is the model told how to act on it?",
    "passage": "With the passage of the amendment: what does it ask?",
}
_POINTS: dict[Stage, str] = {"blind": "it says", "document": "missing, it says", "passage": "it says"}


@dataclass(frozen=True, slots=True)
class View:
    """An interview with all that is told about it."""

    interview: Interview
    spec: Spec
    mask: Mask
    model: str
    """Who was asked."""
    temperature: float
    seed: int
    amendment: str
    """Slug of the amendment; empty where there is none."""


def as_text(view: View) -> str:
    """The interview for the screen."""
    interview, mask = view.interview, view.mask
    repeats = max(len(one.answers) for one in interview.rounds)
    about = f"{mask(interview.threat.title)} ({mask.id(interview.threat.id)})"
    lines = [
        f"{about} in {view.spec.id}",
        f"{view.model}, asked {repeats} times at temperature {view.temperature:g}: an opinion, never an outcome",
    ]
    if cut := _say_cut(interview):
        lines.append(_fill(cut))
    for found in interview.rounds:
        lines += ["", _TITLES[found.stage], *_say_round(found, view)]
    lines += ["", _fill(CAUTION)]
    if mask.names:
        lines.append(f"{mask.placeholder} stands for the names of the labs' models.")
    return "\n".join(lines) + "\n"


def _say_cut(interview: Interview) -> str:
    excerpt = interview.excerpt
    if excerpt.is_whole:
        return ""
    document = excerpt.document
    whole = sum(count_words(document.slice(clause.span)) for clause in document.clauses)
    return (
        f"The document was cut to fit: the model saw {len(excerpt.clauses)} of {len(document.clauses)} clauses "
        f"({excerpt.words:,} of {whole:,} words), those nearest to the threat model, under their headings, and nothing "
        "of the rest. What it calls missing may stand there; --format json lists what was left out."
    )


def _say_round(found: Round, view: View) -> Iterator[str]:
    total = len(found.answers)
    usable = len(found.usable)
    if usable < total:
        yield f"  no usable answer in {total - usable} of {total}"
    if found.stage == "document" and usable:
        yield "  " + ", ".join(f"{label} in {count} of {total}" for label, count in found.labels if count)
    for one in find_recurring(found, view.interview.excerpt.document):
        yield from _say_quote(one, total, view)
    for answer in found.answers:
        yield from _say_answer(answer, found.stage, total, view.mask)


def _say_quote(one: Recurrence, total: int, view: View) -> Iterator[str]:
    span = one.quote.span
    place = f", {_where(span.start, view)}" if span else ""
    yield f"  quoted in {one.count} of {total}{place}:"
    yield textwrap.indent(_fill(f"“{cut_at_word(view.mask(one.quote.text), _SNIPPET)}”"), "    ")


def _where(offset: int, view: View) -> str:
    document = view.spec.document
    path = " > ".join(view.mask(title) for title in document.section_at(offset).path)
    return f"line {document.line(offset)}{f', {path}' if path else ''}"


def _say_answer(answer: Answer, stage: Stage, total: int, mask: Mask) -> Iterator[str]:
    opening = f"  {answer.number} of {total}"
    label = f"{answer.label}; " if answer.label else ""
    if not answer.is_usable:
        yield f"{opening}: no usable answer: {mask(answer.problem)}"
    elif answer.points:
        yield f"{opening}: {label}{_POINTS[stage]}:"
        for point in answer.points:
            yield textwrap.indent(_fill(mask(point), first="- ", rest="  "), "    ")
    else:
        yield f"{opening}: {label}nothing is missing, it says"
    for problem in answer.left_out:
        yield f"    left out: {mask(problem)}"


def _fill(text: str, *, first: str = "", rest: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)


def as_json(view: View) -> str:
    """Everything that the interview has, for programs."""
    interview, mask = view.interview, view.mask
    excerpt = interview.excerpt
    data = {
        "schema_version": SCHEMA_VERSION,
        "canary": PROJECT_CANARY,
        "caution": CAUTION,
        "threat": {"id": mask.id(interview.threat.id), "title": mask(interview.threat.title)},
        "document": {
            "id": view.spec.id,
            "clauses": len(excerpt.document.clauses),
            "clauses_shown": len(excerpt.clauses),
            "left_out": [mask.id(clause.id) for clause in excerpt.left_out],
        },
        "amendment": mask.id(view.amendment) or None,
        "model": view.model,
        "temperature": view.temperature,
        "seed": view.seed,
        "rounds": [_json_round(found, view) for found in interview.rounds],
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _json_round(found: Round, view: View) -> dict[str, Any]:
    return {
        "stage": found.stage,
        "question": _TITLES[found.stage],
        "asked": len(found.answers),
        "usable": len(found.usable),
        "labels": dict(found.labels) if found.stage == "document" else None,
        "recurring": [
            {"count": one.count, **_json_quote(one.quote, view)}
            for one in find_recurring(found, view.interview.excerpt.document)
        ],
        "answers": [_json_answer(answer, view) for answer in found.answers],
    }


def _json_answer(answer: Answer, view: View) -> dict[str, Any]:
    mask = view.mask
    return {
        "number": answer.number,
        "is_usable": answer.is_usable,
        "problem": mask(answer.problem) or None,
        "label": answer.label,
        "points": _masked(answer.points, mask),
        "quotes": [_json_quote(quote, view) for quote in answer.quotes],
        "left_out": _masked(answer.left_out, mask),
    }


def _json_quote(quote: Quote, view: View) -> dict[str, Any]:
    span = quote.span
    place: dict[str, Any] = {"quote": view.mask(quote.text)}
    if span is not None:
        document = view.spec.document
        clause = document.clause_at(span.start)
        place |= {
            "clause": view.mask.id(clause.id) if clause else None,
            "section": view.mask.id(document.section_at(span.start).id),
            "line": document.line(span.start),
            "start": span.start,
            "end": span.end,
        }
    return place


def _masked(texts: Sequence[str], mask: Mask) -> list[str]:
    return [mask(text) for text in texts]
