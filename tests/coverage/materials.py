"""A survey made by hand, in which nothing is ranked: what is shown of it does not hang on how clauses are found."""

from __future__ import annotations

from avenant.coverage.catalogue import ThreatModel
from avenant.coverage.matrix import Cell, Facet, Matrix
from avenant.coverage.retrieval import Hit, Unit
from avenant.coverage.survey import Column, Survey
from avenant.coverage.voice import Speaker, Voice
from avenant.reading.judgement import find_judgements
from avenant.specs.library import Spec
from tests.coverage import specs

TEXT = """\
# The constitution of Odile

## Flattery {#odile-flatters authority=root}

Odile tells people what is so, even where they would rather hear something else:

- Odile must not praise what it does not think good.

## Power

We will publish each year how Odile was used by people in office.

We believe that founding a company or standing for office should remain something Odile helps with.
"""
FLATTERY = ThreatModel(
    id="flattery",
    title="Flattery",
    description="The model tells people what they like to hear.",
    facets=("Must it not praise?", "Must it say how sure it is?"),
    goal="epistemics",
)
COUP = ThreatModel(
    id="coup",
    title='=A coup, with "help" & <b>more</b>',
    description="A few people take over a state with Odile's help.",
    facets=("Does it refuse to help?",),
    gravity="catastrophic",
)


def make_spec(text: str = TEXT, spec_id: str = "atelier/1") -> Spec:
    return specs.make_spec(text, spec_id, title="The constitution of Odile", names=("Odile",), licence="CC0-1.0")


def make_hit(spec: Spec, words: str, speaker: Speaker = "background", lead: str = "") -> Hit:
    """The clause that has these words."""
    document = spec.document
    clause = document.clause_at(document.text.index(words))
    assert clause is not None
    text = document.folded_slice(clause.span).strip()
    context = " ".join((*document.section(clause.section_id).path, lead)).strip()
    force = "must" if speaker == "instruction" else None
    unit = Unit(clause, Voice(clause, speaker, force, 1 if force else 0), text, context, lead)
    return Hit(unit, 0.75, 0.25, 0.5)


def make_survey(*more: Column) -> Survey:
    """Flattery is addressed, a coup is absent, and the columns that are given have no labels."""
    spec = make_spec()
    rule = make_hit(spec, "Odile must not praise", "instruction", "Odile tells people what is so:")
    promise = make_hit(spec, "We will publish", "promise")
    [judgement] = [one for one in find_judgements(spec.document) if "founding" in spec.document.slice(one.span)]
    addressed = Cell(
        threat=FLATTERY,
        spec=spec,
        label="addressed",
        confidence=0.875,
        score=0.7,
        evidence=(rule,),
        near_miss=None,
        facets=(Facet(FLATTERY.facets[0], True, rule), Facet(FLATTERY.facets[1], False, None)),
        judgement=None,
    )
    absent = Cell(
        threat=COUP,
        spec=spec,
        label="absent",
        confidence=0.55,
        score=0.1,
        evidence=(),
        near_miss=promise,
        facets=(Facet(COUP.facets[0], False, promise),),
        judgement=judgement,
    )
    matrix = Matrix((COUP, FLATTERY), (spec,), ((absent,), (addressed,)))
    return Survey((Column(spec.id, "read", spec), *more), matrix)
