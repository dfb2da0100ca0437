from __future__ import annotations

import dataclasses
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from avenant.amendments.apply import apply_amendment
from avenant.cli.trial import try_command
from avenant.errors import AnchorNotFoundError, AvenantError, EditError, Fault, TrialError
from avenant.models import estimate_tokens
from avenant.text import count_words
from avenant.trials.design import Options, design_trial, read_trial, write_trial
from avenant.trials.protocol import PREAMBLE
from avenant.trials.sequence import planned_blocks
from tests.trials.materials import (
    AMENDMENT,
    BLUNT,
    DOCUMENT,
    INVERTED,
    NOW,
    make_amendment,
    make_scenarios,
    make_spec,
    make_trial,
    many_items,
    scenario_items,
    scenario_source,
    store_trial,
    with_edits,
)

QUOTE = "in as few words as the matter allows."
INSERTIONS = {
    "insert-after": {"insert-after": {"quote": QUOTE}},
    "insert-before": {"insert-before": {"quote": QUOTE}},
    "append-to-section": {"append-to-section": {"section": "Keeping to the truth"}},
    "after the last clause": {"insert-after": {"quote": "by the people who look after Clément."}},
    "before the first clause": {"insert-before": {"quote": "Clément is an assistant that helps people"}},
}
SHOWN = {
    "whole": {},
    "cut around": {"document_tokens": 200, "cut": "around"},
    "cut before": {"document_tokens": 200, "cut": "before"},
}
MARGIN = {"subject": "embedded/smollm2-135m-instruct", "judge": ""}


def added(baseline: str, system: str) -> str | None:
    """What a system message has more than the baseline, where that is one contiguous piece; else None."""
    start = next((i for i, (a, b) in enumerate(zip(baseline, system, strict=False)) if a != b), len(baseline))
    length = len(system) - len(baseline)
    return system[start : start + length] if baseline[start:] == system[start + length :] else None


def words(text: str) -> Counter[str]:
    return Counter(text.split())


def faults_of(error: AvenantError) -> list[tuple[str, str]]:
    return [(fault.problem, str(fault.path)) for fault in error.faults]


@pytest.mark.parametrize("outcome", [{}, MARGIN], ids=["judge", "margin"])
@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
@pytest.mark.parametrize("edit", INSERTIONS.values(), ids=INSERTIONS)
def test_each_arm_is_the_baseline_and_one_passage_in_one_place(
    edit: dict[str, dict[str, str]], shown: dict[str, object], outcome: dict[str, object], tmp_path: Path
) -> None:
    options: dict[str, Any] = {"cut": "around", **shown, **outcome}
    trial = make_trial(tmp_path, amendment=with_edits(edit), **options)

    baseline = trial.systems["baseline"]
    passage = make_amendment().passage
    given = {"amended": passage, "inverted": INVERTED, "blunt": BLUNT}
    for arm, system in trial.systems.items():
        if arm == "baseline":
            continue
        piece = added(baseline, system)
        assert piece is not None, f"{arm} differs in more than one place"
        if arm in given:
            assert words(piece) == words(given[arm].replace("Clément", "Odile")), arm


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_whole_document_is_shown_byte_for_byte(newline: str, tmp_path: Path) -> None:
    document = DOCUMENT.replace("\n", newline)
    trial = make_trial(tmp_path, document=document)

    amended = apply_amendment(make_spec(tmp_path, document), make_amendment())
    assert trial.systems["baseline"] == PREAMBLE + document.strip()
    assert trial.systems["amended"] == PREAMBLE + amended.strip()
    assert trial.protocol.is_whole
    assert (trial.protocol.shown_from, trial.protocol.shown_to) == (1, document.count("\n"))


def test_arms_of_a_judged_and_of_a_margin_trial(tmp_path: Path) -> None:
    judged = ["baseline", "amended", "placebo-1", "placebo-2", "placebo-3", "control", "blunt"]
    both_sides = ["inverted", "inverted-control", "inverted-blunt"]

    assert set(make_trial(tmp_path).systems) == set(judged)
    assert set(make_trial(tmp_path, **MARGIN).systems) == {*judged, *both_sides}  # type: ignore[arg-type]


def test_all_arms_speak_of_the_model_by_the_name_that_the_document_has(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, **MARGIN)  # type: ignore[arg-type]

    assert not any("Clément" in system for system in trial.systems.values())
    assert "When someone asks Odile for a view of its own" in trial.systems["amended"]
    assert "Odile begins every reply with the word Bonjour" in trial.systems["control"]
    assert "Odile ends every single reply" in trial.systems["blunt"]


@pytest.mark.parametrize("shown", [{"cut": "around"}, {"cut": "before"}], ids=["around", "before"])
@pytest.mark.parametrize("budget", [150, 200, 250])
def test_a_cut_document_fits_its_budget_in_every_arm(budget: int, shown: dict[str, Any], tmp_path: Path) -> None:
    trial = make_trial(tmp_path, document_tokens=budget, **shown)

    protocol = trial.protocol
    assert not protocol.is_whole
    longest = max(estimate_tokens(system) for system in trial.systems.values())
    assert longest <= budget + estimate_tokens(PREAMBLE)
    lines = DOCUMENT.splitlines()[protocol.shown_from - 1 : protocol.shown_to]
    assert trial.systems["baseline"] == PREAMBLE + "\n".join(lines).strip()


def test_the_context_of_the_subject_is_the_budget_where_the_user_gives_none(tmp_path: Path) -> None:
    assert make_trial(tmp_path, context_tokens=200).systems == make_trial(tmp_path, document_tokens=200).systems
    assert not make_trial(tmp_path, context_tokens=200).protocol.is_whole
    assert make_trial(tmp_path, context_tokens=None).protocol.is_whole


def test_a_document_of_which_nothing_fits_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="not one clause before the passage fits"):
        make_trial(tmp_path, document_tokens=60)


def test_the_same_seed_gives_the_same_trial_and_another_seed_another_order(tmp_path: Path) -> None:
    one, again, other = (make_trial(tmp_path, seed=seed) for seed in (1, 1, 2))

    assert one == again
    assert one.protocol.blocks != other.protocol.blocks
    assert one.systems["amended"] == other.systems["amended"]


def test_placebos_are_as_long_as_the_passage_and_take_turns(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, scenarios=scenario_source(scenario_items(each=3)))

    length = count_words(make_amendment().passage)
    placebos = [added(trial.systems["baseline"], trial.systems[f"placebo-{n}"]) for n in (1, 2, 3)]
    assert len(set(placebos)) == 3
    for placebo in placebos:
        assert placebo is not None
        assert abs(count_words(placebo) - length) <= 0.1 * length
    turns = [trial.placebo_of(one) for block in trial.protocol.blocks for one in block]
    assert max(Counter(turns).values()) - min(Counter(turns).values()) <= 1
    assert all(turns[at] != turns[at + 1] for at in range(len(turns) - 1))


def test_placebos_of_the_author_take_the_place_of_ours(tmp_path: Path) -> None:
    source = scenario_source(placebos=["Clément has a first page.", "Clément has a last page."])
    trial = make_trial(tmp_path, scenarios=source)

    assert [arm for arm in trial.systems if arm.startswith("placebo")] == ["placebo-1", "placebo-2"]
    assert "\n\nOdile has a first page.\n\n" in trial.systems["placebo-1"]
    assert "\n\nOdile has a last page.\n\n" in trial.systems["placebo-2"]


def test_every_scenario_is_in_one_block_and_control_and_blunt_rule_are_spread_over_families(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, scenarios=scenario_source(scenario_items(each=3)), block_size=7)
    protocol = trial.protocol
    family = {scenario.id: scenario.family for scenario in trial.scenarios}

    assert sorted(one for block in protocol.blocks for one in block) == sorted(family)
    assert [len(block) for block in protocol.blocks] == [7, 7, 7, 7, 2]
    controls = [one for block in protocol.control_blocks for one in block]
    assert len(set(controls)) == len({family[one] for one in controls}) == 8
    blunt = [one for block in protocol.blunt_blocks for one in block]
    assert len(set(blunt)) == 12
    assert set(Counter(family[one] for one in blunt).values()) == {2}
    assert all(trial.scenario(one).is_target for one in blunt)


def test_every_block_has_its_share_of_both_kinds(tmp_path: Path) -> None:
    trial = make_trial(tmp_path, scenarios=scenario_source(scenario_items(each=3)), block_size=5)

    for block in trial.protocol.blocks:
        assert sum(trial.scenario(one).is_target for one in block) == 3, "of 18 targets among 30"


@pytest.mark.parametrize("limit", [2, 3, 5, 9, 13, 99])
def test_limit_keeps_both_kinds_and_no_more_than_so_many(limit: int, tmp_path: Path) -> None:
    items = [item for item in scenario_items(each=2) if item["battery"] == "target" or item["id"] == "tea-1"]
    trial = make_trial(tmp_path, scenarios=scenario_source(items), limit=limit)

    assert len(trial.scenarios) == min(limit, 13)
    assert {scenario.is_target for scenario in trial.scenarios} == {True, False}


def drop(key: str, *, of: str = "songs-1") -> str:
    """The scenario file without one key of one scenario."""
    return scenario_source([{k: v for k, v in i.items() if k != key or i["id"] != of} for i in scenario_items()])


@pytest.mark.parametrize(
    ("options", "scenarios", "problem"),
    [
        (MARGIN, scenario_source(inverted=None), "needs the inverted passage"),
        (MARGIN, scenario_source(inverted_blunt=None), "only one of blunt and inverted-blunt"),
        (MARGIN, scenario_source(blunt=None), "only one of blunt and inverted-blunt"),
        ({}, drop("rubric"), "1 scenarios have no rubric"),
        (
            MARGIN,
            scenario_source([{k: v for k, v in i.items() if "wanted" not in k} for i in scenario_items()]),
            "10 scenarios have no wanted and unwanted reply",
        ),
        ({}, scenario_source(scenario_items()[:6]), "scenarios of both kinds"),
        ({}, scenario_source(scenario_items()[6:]), "scenarios of both kinds"),
        ({}, scenario_source(amendment="another"), "these scenarios are for 'another', not for 'mark-views'"),
    ],
)
def test_what_the_scenario_file_lacks_is_an_error_at_the_file(
    options: dict[str, Any], scenarios: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(TrialError) as caught:
        make_trial(tmp_path, scenarios=scenarios, **options)

    [(found, path)] = faults_of(caught.value)
    assert problem in found
    assert path == "scenarios/mark-views.yaml"
    assert caught.value.faults[0].mend


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"judge": "", "outcome": "judge"}, "a judged trial needs a judge"),
        ({"judge": ""}, "does not tell the log-probabilities"),
        ({"outcome": "margin"}, "does not tell the log-probabilities"),
    ],
)
def test_an_outcome_that_cannot_be_had_is_an_error(options: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(TrialError, match=problem):
        make_trial(tmp_path, **options)


def test_a_quote_that_is_not_in_the_document_is_an_error_at_the_line_of_the_edit(tmp_path: Path) -> None:
    with pytest.raises(AnchorNotFoundError) as caught:
        make_trial(tmp_path, amendment=with_edits({"insert-after": {"quote": "these words are not there"}}))

    fault = caught.value.faults[0]
    assert (str(fault.path), fault.line) == ("amendments/mark-views.md", 10)


def test_a_draft_without_a_passage_is_an_error(tmp_path: Path) -> None:
    empty = AMENDMENT.replace(make_amendment().passage, "<!-- to do -->")
    with pytest.raises(EditError, match="the passage is empty"):
        make_trial(tmp_path, amendment=empty)


@pytest.mark.parametrize("action", ["replace", "delete"])
def test_an_edit_that_takes_words_out_needs_placebos_of_the_author(action: str, tmp_path: Path) -> None:
    with pytest.raises(TrialError) as caught:
        make_trial(tmp_path, amendment=with_edits({action: {"quote": QUOTE}}))

    [(problem, path)] = faults_of(caught.value)
    assert f"takes words out ({action})" in problem
    assert path == "scenarios/mark-views.yaml"


def test_a_replacement_changes_its_words_alone_and_leaves_them_under_control_and_blunt_rule(tmp_path: Path) -> None:
    source = scenario_source(placebos=["in no more words than the matter asks for."])
    trial = make_trial(tmp_path, amendment=with_edits({"replace": {"quote": QUOTE}}), scenarios=source)

    baseline = trial.systems["baseline"]
    passage = make_amendment().passage.replace("Clément", "Odile")
    assert trial.systems["amended"] == baseline.replace(QUOTE, passage)
    assert trial.systems["placebo-1"] == baseline.replace(QUOTE, "in no more words than the matter asks for.")
    for arm, rule in (("blunt", BLUNT.replace("Clément", "Odile")), ("control", "Odile begins every reply")):
        assert f"{QUOTE}\n\n{rule}" in trial.systems[arm]
        assert added(baseline, trial.systems[arm]) is not None


def test_a_deletion_takes_its_words_out(tmp_path: Path) -> None:
    source = scenario_source(placebos=["in no more words than the matter asks for."])
    quote = "and explains the others where they first stand in a reply"
    trial = make_trial(tmp_path, amendment=with_edits({"delete": {"quote": quote}}), scenarios=source)

    assert trial.systems["amended"] == trial.systems["baseline"].replace(f" {quote}", "")


@pytest.mark.parametrize(
    ("edits", "line", "problem"),
    [
        (
            ({"delete": {"quote": QUOTE}}, {"delete": {"quote": "and explains the others"}}),
            12,
            "a trial tries one passage in one place; this amendment has 2 edits",
        ),
        (
            ({"move": {"quote": QUOTE, "after": {"quote": "and explains the others"}}},),
            10,
            "a trial tries words that are added, replaced or taken out, not words that move",
        ),
    ],
)
def test_a_trial_of_several_edits_or_of_a_move_is_refused_at_its_line(
    edits: tuple[dict[str, Any], ...], line: int, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(TrialError) as caught:
        make_trial(tmp_path, amendment=with_edits(*edits))

    mend = "try the edits apart, each as an amendment of its own"
    assert caught.value.faults == (Fault(problem, Path("amendments/mark-views.md"), line, mend),)


def test_words_are_taken_out_of_a_clause_that_is_shown_to_its_end(tmp_path: Path) -> None:
    source = scenario_source(placebos=["and no others,"])
    amendment = with_edits({"delete": {"quote": "and explains the others"}})
    trial = make_trial(tmp_path, amendment=amendment, scenarios=source, cut="before")

    assert trial.systems["amended"].endswith("\n\nOdile keeps to plain words, where they first stand in a reply.")


def test_a_trial_reads_back_as_it_was_written(tmp_path: Path) -> None:
    crlf = DOCUMENT.replace("\n", "\r\n")
    source = scenario_source(scenario_items(each=2))
    trial = make_trial(tmp_path, document=crlf, scenarios=source, limit=11, margin=0.125, side_margin=0.25)
    store_trial(trial, scenarios=source)

    again = read_trial(trial.folder)

    assert again.protocol == trial.protocol
    assert again.systems == trial.systems
    assert sorted(again.scenarios, key=lambda s: s.id) == sorted(trial.scenarios, key=lambda s: s.id)
    assert [again.placebo_of(s.id) for s in trial.scenarios] == [trial.placebo_of(s.id) for s in trial.scenarios]
    assert (trial.folder / "materials/amendment.md").read_text(encoding="utf-8") == AMENDMENT


def test_a_trial_is_never_written_over_another(tmp_path: Path) -> None:
    trial = store_trial(make_trial(tmp_path))
    before = (trial.folder / "protocol.toml").read_bytes()

    with pytest.raises(TrialError, match="holds a trial already"):
        write_trial(make_trial(tmp_path, seed=2), make_amendment(), make_scenarios())
    assert (trial.folder / "protocol.toml").read_bytes() == before


def test_the_content_hash_changes_with_everything_that_decides_a_score(tmp_path: Path) -> None:
    trial = make_trial(tmp_path)
    others = {
        "document": make_trial(tmp_path / "b", document=DOCUMENT.replace("plain words", "short words")),
        "passage": make_trial(tmp_path, amendment=AMENDMENT.replace("Readers can then", "Then readers can")),
        "scenarios": make_trial(tmp_path, scenarios=scenario_source(scenario_items(each=2))),
        "blunt rule": make_trial(tmp_path, scenarios=scenario_source(blunt="Clément says as I see it.")),
        "subject": make_trial(tmp_path, "scripted/harmful"),
        "judge": make_trial(tmp_path, judge="scripted/judge-shy"),
        "seed": make_trial(tmp_path, seed=2),
        "longest reply": make_trial(tmp_path, max_tokens=50),
        "cut": make_trial(tmp_path, document_tokens=200),
        "outcome": make_trial(tmp_path, **MARGIN),  # type: ignore[arg-type]
    }
    hashes = {name: other.protocol.content_hash for name, other in others.items()}
    hashes["as it is"] = trial.protocol.content_hash

    assert len(set(hashes.values())) == len(hashes), hashes


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "scripted/harmful"),
        ("judges", ["scripted/judge-shy"]),
        ("outcome", "margin"),
        ("seed", 2),
        ("max_tokens", 50),
        ("scenarios_sha256", "0"),
        ("arms", {}),
        ("versions", {}),
        ("blocks", []),
        ("margin", 0.5),
        ("side_margin", 0.5),
        ("rule", []),
        ("stopping", "betting"),
        ("scenarios", {}),
        ("replies", 2),
        ("budget", {"usd": 1.0}),
        ("screen", [["names-1"]]),
    ],
)
def test_the_content_hash_changes_with_each_field_alone(field: str, value: Any, tmp_path: Path) -> None:
    protocol = make_trial(tmp_path).protocol

    assert dataclasses.replace(protocol, **{field: value}).content_hash != protocol.content_hash


def test_the_content_hash_does_not_change_with_the_folder(tmp_path: Path) -> None:
    assert make_trial(tmp_path, folder="a").protocol.content_hash == make_trial(tmp_path).protocol.content_hash


def test_the_rule_in_the_protocol_has_the_margins_that_the_user_chose(tmp_path: Path) -> None:
    protocol = make_trial(tmp_path, margin=0.125, side_margin=0.375).protocol

    assert (protocol.margin, protocol.side_margin) == (0.125, 0.375)
    rule = " ".join(protocol.rule)
    assert "±0.125" in rule
    assert "-0.375" in rule


def test_the_command_that_repeats_a_trial_is_one_that_the_command_line_takes(tmp_path: Path) -> None:
    command = make_trial(tmp_path, seed=3, limit=7, document_tokens=250, cut="before", margin=0.1).protocol.command

    name, verb, *arguments = shlex.split(command)
    given = try_command.make_context(verb, arguments, help_option_names=["-h", "--help"]).params
    assert (name, verb, given["amendment"]) == ("avenant", "try", "mark-views")
    assert (given["subject"], given["judges"]) == ("scripted/helpful", ("scripted/judge",))
    assert (given["seed"], given["limit"], given["document_tokens"], given["cut"]) == (3, 7, 250, "before")
    assert (given["margin"], given["block_size"]) == (0.1, None)


def test_a_judge_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    options = Options(subject="scripted/helpful", judges=("scripted/judge", "scripted/judge"))

    with pytest.raises(TrialError, match="a judge is named twice"):
        design_trial(
            tmp_path / "trials/mark-views/1",
            make_spec(tmp_path),
            make_amendment(),
            make_scenarios(),
            options,
            count_tokens=estimate_tokens,
            context_tokens=None,
            now=NOW,
        )


def test_several_replies_are_refused_where_given_replies_are_scored(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match=r"the same every time\n.*leave --replies out"):
        make_trial(tmp_path, "embedded/smollm2-135m-instruct", judge="", replies=2)


@pytest.mark.parametrize("count", [1, 24])
def test_a_preference_asks_no_reply_that_is_compared_with_nothing(count: int, tmp_path: Path) -> None:
    source = scenario_source() if count == 1 else scenario_source(many_items(target=count))
    trial = make_trial(tmp_path, outcome="preference", screen="all", scenarios=source)

    asked = [(block.name, arm) for block in planned_blocks(trial) for arm, ids in block.asked.items() if ids]
    assert trial.protocol.is_sequential is (count > 1)
    assert not trial.protocol.sets_aside
    assert {arm for _, arm in asked} == {"amended", "placebo", "control", "blunt"}
    for block in planned_blocks(trial):
        assert set(block.asked.get("blunt", [])) <= set(block.asked.get("placebo", [])), (
            "they are compared in one block"
        )


def test_preferences_are_not_asked_in_batches(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="live, not in batches"):
        make_trial(tmp_path, "openai/some", judge="openai/other", outcome="preference", batch=True)
