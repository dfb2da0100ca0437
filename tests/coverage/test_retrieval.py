from __future__ import annotations

import pytest

from avenant.coverage.retrieval import Query, Ranker, index_clauses, read_meanings, read_units
from avenant.coverage.thesaurus import read_thesaurus
from avenant.specs.parse import parse_document
from tests.coverage.materials import make_spec

TEXT = """\
# Letters

Odile should help a tenant to answer a letter.

Odile should refuse the following:

- threats against a landlord;
- forged signatures.

# Money

Rents rise each year, and Atelier keeps an eye on it.

**Example**: a rent

~~~xml
<user>
May my rent rise twice in a year?
</user>
<assistant> <!-- BAD: it guesses -->
Certainly, whenever the owner of the castle likes.
</assistant>
<assistant> <!-- GOOD: it names the law -->
Only once, by the law.
</assistant>
~~~
"""
AGENTS = ("Odile",)
DOCUMENT = parse_document(TEXT, "atelier/1")


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return index_clauses(DOCUMENT, AGENTS)


def _texts(ranker: Ranker, query: Query) -> list[str]:
    return [hit.unit.text for hit in ranker.rank(query)]


def test_a_clause_is_read_with_its_heading_and_the_stem_of_its_list() -> None:
    units = {unit.text: unit for unit in read_units(DOCUMENT, AGENTS)}
    [forged] = [unit for text, unit in units.items() if "forged" in text]
    assert forged.context == "Letters. Odile should refuse the following:"
    assert forged.neutral.startswith("Letters. the AI should refuse")


def test_the_labs_name_says_nothing_of_the_subject() -> None:
    [rents] = [unit for unit in read_units(DOCUMENT, AGENTS) if unit.text.startswith("Rents")]
    assert "the company keeps" in rents.neutral


def test_a_bad_answer_is_not_read() -> None:
    [example] = [unit for unit in read_units(DOCUMENT, AGENTS) if "twice in a year" in unit.text]
    assert "Only once" in example.text
    assert "castle" not in example.text


def test_what_is_asked_for_in_its_words_comes_first(ranker: Ranker) -> None:
    assert "forged signatures" in _texts(ranker, Query("forged signatures", ("signing for another person",)))[0]


def test_what_is_asked_for_in_other_words_is_found(ranker: Ranker) -> None:
    near = _texts(ranker, Query("intimidating the owner of the house", ("violent language to whoever lets a flat",)))
    assert any("threats" in text for text in near[:2])


def test_all_clauses_are_ranked_once_and_a_limit_cuts(ranker: Ranker) -> None:
    hits = ranker.rank(Query("rent", ("money",)))
    assert sorted(hit.clause.span for hit in hits) == [clause.span for clause in DOCUMENT.clauses]
    assert ranker.rank(Query("rent", ("money",)), limit=2) == hits[:2]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_score_is_the_sum_of_its_parts_and_of_who_speaks(ranker: Ranker) -> None:
    by_speaker = {
        (hit.unit.voice.speaker, round(hit.score - hit.words - hit.meaning, 6))
        for hit in ranker.rank(Query("rent", ("money",)))
    }
    assert len(by_speaker) == len({speaker for speaker, _ in by_speaker})
    added = dict(by_speaker)
    assert added["instruction"] > added["background"] > added["example"]


def test_scores_are_in_the_documents_order(ranker: Ranker) -> None:
    query = Query("rent", ("money",))
    best = ranker.rank(query)[0]
    assert ranker.score(query).argmax() == DOCUMENT.index_of(best.clause)


def test_a_section_is_found_by_its_clauses(ranker: Ranker) -> None:
    scores = ranker.score_sections(Query("Can the owner ask for more rent?", ("rising rents",)))
    titles = [section.title for section in DOCUMENT.sections]
    assert titles[int(scores.argmax())] == "Money"


def test_the_thesaurus_helps_a_few_words_and_leaves_a_query_with_other_words_alone(
    ranker: Ranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avenant.coverage.retrieval._THESAURUS", 0.0)
    plain = ranker.score(Query("rent")), ranker.score(Query("rent", ("money",)))
    monkeypatch.undo()
    helped = ranker.score(Query("rent")), ranker.score(Query("rent", ("money",)))
    assert (plain[0] != helped[0]).any()
    assert (plain[1] == helped[1]).all()


@pytest.mark.parametrize("text", ["", "\n", "# A heading alone\n"])
def test_a_document_without_a_clause_has_no_hit(text: str) -> None:
    assert index_clauses(parse_document(text, "atelier/1"), AGENTS).rank(Query("rent", ("money",))) == ()


@pytest.mark.parametrize("text", ["", "?!", "租金", "rent " * 3000])
def test_any_query_gets_an_answer(text: str, ranker: Ranker) -> None:
    assert len(ranker.rank(Query(text, ("x",)))) == len(DOCUMENT.clauses)


def test_reading_ahead_leaves_nothing_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = make_spec(TEXT)
    read_meanings([spec], progress=lambda done, total: None)
    monkeypatch.setattr("avenant.coverage.vectors._read_batch", lambda texts: pytest.fail(f"read later: {texts}"))
    Ranker(spec.document, read_units(spec.document, spec.agents))


def test_the_thesaurus_is_read_ahead_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("avenant.coverage.retrieval.embed_contextual", lambda texts, progress: asked.append(len(texts)))
    for has_thesaurus in (False, True):
        read_meanings([make_spec(TEXT)], has_thesaurus=has_thesaurus, progress=lambda done, total: None)
    assert asked == [len(DOCUMENT.clauses), len(DOCUMENT.clauses) + len(read_thesaurus().texts())]
