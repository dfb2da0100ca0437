"""How coverage is said to people: marks, percentages, and why a cell has its label, made from its data alone."""

from __future__ import annotations

from avenant.coverage.matrix import Cell, Label
from avenant.coverage.retrieval import Hit
from avenant.coverage.voice import Speaker
from avenant.reading.acts import Force

MARKS: dict[Label, str] = {"absent": "○", "mentioned": "◐", "addressed": "●"}
"""What stands before a label, so that colour is never alone."""
UNSURE = 0.6
"""Confidence below which a label is shown as unsure."""
SPEAKERS: dict[Speaker, str] = {
    "instruction": "an instruction to the model",
    "background": "background: what is at stake or why, not how to act",
    "promise": "a promise of the lab, no instruction to its model",
    "commentary": "a note for human readers, no instruction to the model",
    "example": "an example only, no rule",
    "bad-example": "an example of what not to do only, no rule",
}
"""What a clause is, by who speaks in it."""
FORCES: dict[Force, str] = {"must": "'must'", "should": "'should'", "does": "what it does", "may": "'may'"}
"""What a clause says to the model, by its force."""


def percent_of(share: float) -> str:
    """A share as people read it; never 0 % or 100 %, which an estimate cannot be."""
    return f"{min(99, max(1, round(share * 100)))}%"


def reason_of(cell: Cell) -> str:
    """Why a cell has its label: who speaks in its evidence, what is answered, why the nearest clause falls short."""
    if cell.label == "absent":
        if cell.near_miss is None:
            return "no clause comes near"
        return f"the nearest clause falls short: {shortfall_of(cell.near_miss, cell)}"
    told = [hit for hit in cell.evidence if hit.unit.voice.speaker == "instruction"]
    if not told:
        return _join("the topic comes up, and none of these clauses tells the model how to act", _answered(cell))
    force = next((hit.unit.voice.force for hit in told if hit.unit.voice.force), None)
    firm = f" (the nearest says {FORCES[force]})" if force else ""
    many = "1 clause tells" if len(told) == 1 else f"{len(told)} clauses tell"
    opening = f"{many} the model what to do{firm}"
    if cell.label == "mentioned":
        opening = f"the topic comes up; {opening}, too little or too far from it to be guidance on it"
    return _join(opening, _answered(cell))


def shortfall_of(hit: Hit, cell: Cell) -> str:
    """Why a clause that comes near does not cover the threat model."""
    speaker = hit.unit.voice.speaker
    if speaker != "instruction":
        return SPEAKERS[speaker]
    nearest = "alike in words" if hit.words > hit.meaning else "alike in meaning"
    meets = any(facet.is_met and facet.hit and facet.hit.clause == hit.clause for facet in cell.facets)
    rest = "it meets a facet, which is not enough" if meets else "it meets no facet"
    return f"an instruction on another subject ({nearest}" + (f"; {rest})" if cell.facets else ")")


def _answered(cell: Cell) -> str:
    met = sum(facet.is_met for facet in cell.facets)
    if cell.label == "addressed" and cell.facets and not met:
        return f"yet none of {len(cell.facets)} facets seems met, so look twice"
    return f"{met} of {len(cell.facets)} facets met" if cell.facets else ""


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
