from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from avenant.check.names import find_names
from avenant.coverage.catalogue import (
    BUILT_IN,
    GOALS,
    GRAVITIES,
    ThreatModel,
    find_threat,
    parse_threats,
    read_catalogue,
)
from avenant.errors import FileError, FormatError, ThreatError
from avenant.specs.library import known_makers, known_model_names

PATH = Path("threats/own.yaml")
WHOLE = """\
threats:
  - id: water-board
    title: The water board
    description: >-
      Pumps stop.
      Nobody knows why.
    harms: Everyone who drinks.
    conduct: It can ask before it stops a pump.
    facets:
      - Does the model ask before it stops a pump?
    phrases: [pump failure, "Who stopped the pumps?"]
    sources:
      - A. Author, A Book, 1999
    goal: hardening
    gravity: limited
  - id: short
    title: Short
    description: As short as can be.
"""
BAD = """\
- id: Two Words
  title: 7
  description:
  harm: everyone
- id: one
  title: One
  description: It goes wrong.
  facets: Does it?
  phrases:
    - yes
    - Does the model: ask
  goal: prevent
  gravity: [grave]
- only words
- id: one
  title: "  "
  description: It goes wrong.
- id: two
  title: Two
  description: It goes wrong.
- id: two
  title: Two again
  description: It goes wrong.
"""
ENTRY = "- id: {id}\n  title: {title}\n  description: It goes wrong.\n"


def faults(source: str) -> list[tuple[int | None, str]]:
    with pytest.raises(FormatError) as caught:
        parse_threats(source, PATH)
    assert {fault.path for fault in caught.value.faults} == {PATH}
    assert all(fault.mend for fault in caught.value.faults)
    return [(fault.line, fault.problem) for fault in caught.value.faults]


def test_an_entry_is_read_whole_and_what_it_leaves_out_has_a_default() -> None:
    assert parse_threats(WHOLE, PATH) == (
        ThreatModel(
            id="water-board",
            title="The water board",
            description="Pumps stop. Nobody knows why.",
            harms="Everyone who drinks.",
            conduct="It can ask before it stops a pump.",
            facets=("Does the model ask before it stops a pump?",),
            phrases=("pump failure", "Who stopped the pumps?"),
            sources=("A. Author, A Book, 1999",),
            goal="hardening",
            gravity="limited",
        ),
        ThreatModel("short", "Short", "As short as can be.", goal="prevent-catastrophe", gravity="serious"),
    )
    assert [(one.path, one.line) for one in parse_threats(WHOLE, PATH)] == [(PATH, 2), (PATH, 16)]


def test_a_file_may_be_the_bare_list() -> None:
    bare = "\n".join(line[2:] for line in WHOLE.splitlines()[1:])
    assert parse_threats(bare, PATH) == parse_threats(WHOLE, PATH)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    keys = "id, title, description, harms, conduct, facets, phrases, sources, goal, gravity"
    assert faults(BAD) == [
        (1, "the id 'Two Words' is not in kebab-case"),
        (2, "title must be a text, not 7"),
        (3, "description is missing or empty"),
        (4, "unknown key 'harm'"),
        (8, "facets must be a list of texts, not 'Does it?'"),
        (10, "phrases has an item that is no text: True"),
        (11, "phrases has an item that is no text: {'Does the model': 'ask'}"),
        (12, "unknown goal 'prevent'"),
        (13, "unknown gravity ['grave']"),
        (14, "not a threat model: 'only words'"),
        (16, "title is missing or empty"),
        (21, "the id 'two' stands twice (first in threats/own.yaml:18)"),
    ]
    with pytest.raises(FormatError, match=f"known keys: {keys}"):
        parse_threats(BAD, PATH)
    with pytest.raises(FormatError, match="id: two-words"):
        parse_threats(BAD, PATH)


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("", 1, "no threat models in it"),
        ("# a comment\n", 1, "no threat models in it"),
        ("[]\n", 1, "no threat models in it"),
        ("\nthreats:\n", 2, "no threat models in it"),
        ("id: one\ntitle: One\n", 1, "one entry, where a list of them is needed"),
        ("threats:\n  id: one\n", 1, "one entry, where a list of them is needed"),
        ("models: []\n", 1, "not a list of threat models"),
        ("just words\n", 1, "not a list of threat models"),
        (f"{WHOLE}canary: x\n", 19, "unknown key 'canary'"),
    ],
)
def test_a_file_of_another_shape_is_refused(source: str, line: int, problem: str) -> None:
    assert faults(source) == [(line, problem)]


def write(folder: Path, name: str, *entries: tuple[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("".join(ENTRY.format(id=one, title=title) for one, title in entries), encoding="utf-8")
    return path


def test_a_workspaces_entries_come_after_the_built_in_ones_and_stand_in_for_their_namesakes(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", ("water-board", "Water"))
    write(tmp_path, "b.yml", ("sycophancy", "Our own view of it"))
    write(tmp_path, "notes.md", ("no", "No"))
    built_in, both = read_catalogue(), read_catalogue(tmp_path)
    assert [one.id for one in both] == [*(one.id for one in built_in), "water-board"]
    changed = find_threat(both, "sycophancy")
    assert (changed.title, changed.facets, changed.is_built_in) == ("Our own view of it", (), False)
    assert find_threat(built_in, "sycophancy").is_built_in


def test_a_workspace_needs_no_threats_of_its_own(tmp_path: Path) -> None:
    assert read_catalogue(tmp_path / "threats") == read_catalogue(tmp_path) == read_catalogue()


def test_a_file_in_the_folders_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "threats").write_text("", encoding="utf-8")
    with pytest.raises(FileError, match="not a folder"):
        read_catalogue(tmp_path / "threats")


def test_only_reads_these_files_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", ("a", "A"))
    path = write(tmp_path, "b.yaml", ("b", "B"), ("sycophancy", "Ours"))
    assert [one.id for one in read_catalogue(tmp_path, only=[path, path])] == ["b", "sycophancy"]


def test_an_id_that_stands_twice_is_told_with_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, "a.yaml", ("one", "One"), ("two", "Two"))
    second = write(tmp_path, "b.yaml", ("two", "Two again"))
    with pytest.raises(FormatError) as caught:
        read_catalogue(tmp_path)
    [fault] = caught.value.faults
    assert (fault.path, fault.line) == (second, 1)
    assert f"{first}:4" in fault.problem


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- id: [\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(BAD, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read_catalogue(tmp_path)
    assert [path.name for path in dict.fromkeys(fault.path for fault in caught.value.faults) if path] == [
        "a.yaml",
        "b.yaml",
        "c.yaml",
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("intelligence-curs", "intelligence-curse"),
        ("Secret Loyalties", "secret-loyalties"),
        ("sycophant", "sycophancy"),
        ("coup", "ai-enabled-coup"),
        ("children", "harm-to-children"),
    ],
)
def test_an_unknown_id_is_guessed(given: str, meant: str) -> None:
    with pytest.raises(ThreatError, match=f"no threat model '{given}'") as caught:
        find_threat(read_catalogue(), given)
    assert caught.value.faults[0].mend is not None
    assert caught.value.faults[0].mend.startswith(f"did you mean {meant}")


def test_an_id_like_no_other_is_not_guessed() -> None:
    with pytest.raises(ThreatError) as caught:
        find_threat(read_catalogue(), "xyzzyq")
    assert caught.value.faults[0].mend == "`avenant threats` lists all; your own go into threats/*.yaml"


def test_the_built_in_catalogue_has_the_threats_that_were_asked_for() -> None:
    ids = {one.id for one in read_catalogue()}
    assert len(ids) >= 48
    assert ids >= {
        "power-concentration",
        "secret-loyalties",
        "intelligence-curse",
        "gradual-disempowerment",
        "sycophancy",
        "delusion-reinforcement",
        "oversight-undermining",
        "safety-research-sandbagging",
        "manipulation-at-scale",
        "post-agi-power-movement",
        "epistemic-erosion",
    }
    assert {one.goal for one in read_catalogue()} == set(GOALS)
    assert {one.gravity for one in read_catalogue()} == set(GRAVITIES)


@pytest.mark.parametrize("threat", read_catalogue(), ids=lambda threat: threat.id)
def test_a_built_in_entry_is_complete(threat: ThreatModel) -> None:
    assert 2 <= len(re.findall(r"\.(?= |$)", threat.description)) <= 4
    assert threat.harms.endswith(".")
    assert threat.conduct.endswith(".")
    assert 3 <= len(threat.facets) <= 6
    assert all(facet.endswith("?") for facet in threat.facets)
    assert 6 <= len(threat.phrases) <= 12
    assert sum(phrase.endswith("?") for phrase in threat.phrases) >= 2, "a newcomer asks in sentences"
    assert 1 <= len(threat.sources) <= 4
    assert all(re.search(r", (1[89]|20)\d\d$", source) for source in threat.sources)


def test_nothing_is_said_twice_in_the_built_in_catalogue() -> None:
    texts = [text for one in read_catalogue() for text in (one.title, one.description, one.conduct, *one.facets)]
    assert not [text for text, count in Counter(texts).items() if count > 1]
    assert all(len({phrase.casefold() for phrase in one.phrases}) == len(one.phrases) for one in read_catalogue())


def test_the_built_in_catalogue_names_no_lab_and_no_model() -> None:
    names = known_model_names()
    for path in sorted(BUILT_IN.glob("*.yaml")):
        assert not list(find_names(path.read_text(encoding="utf-8"), names)), path
    makers = re.compile(rf"\b({'|'.join(map(re.escape, known_makers()))})\b")
    for threat in read_catalogue():
        ours = " ".join(map(str, (threat.title, threat.description, threat.harms, threat.conduct)))
        assert not makers.search(" ".join((ours, *threat.facets, *threat.phrases)))


def test_entries_are_alike_wherever_they_stand() -> None:
    threat = read_catalogue()[0]
    assert replace(threat, path=PATH, line=99) == threat


def test_the_example_in_the_docs_is_an_entry_with_every_key() -> None:
    page = (Path(__file__).parents[2] / "docs/threats.md").read_text(encoding="utf-8")
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    [threat] = parse_threats(found[1], PATH)
    assert threat.id not in {one.id for one in read_catalogue()}
    assert all((threat.harms, threat.conduct, threat.facets, threat.phrases, threat.sources))


def test_the_docs_name_every_file_of_the_built_in_catalogue() -> None:
    page = (Path(__file__).parents[2] / "docs/threats.md").read_text(encoding="utf-8")
    assert all(f"| `{path.stem}` |" in page for path in BUILT_IN.glob("*.yaml"))
