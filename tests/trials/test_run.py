from __future__ import annotations

import dataclasses
import itertools
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from avenant.errors import ModelError, TrialError
from avenant.trials.design import Trial, read_trial
from avenant.trials.logs import finished_logs
from avenant.trials.run import run_trial
from avenant.trials.sequence import planned_blocks
from avenant.trials.tasks import block_samples
from tests.trials.materials import make_trial, scenario_items, scenario_source, store_trial
from tests.trials.running import Ran, Run, block_sizes, run
from tests.trials.scripted import Stage

NO_BLUNT_RULE = scenario_source(blunt=None)


@pytest.mark.parametrize(
    ("subject", "judge", "word", "reason"),
    [
        ("helpful", "judge", "helps", "The target behaviour rises"),
        ("harmful", "judge", "harms", "The target behaviour falls"),
        ("over-applying", "judge", "harms", "should leave alone get worse"),
        ("indifferent", "judge", "no meaningful effect", "smaller than what was stated to matter"),
        ("stubborn", "judge", "cannot tell", "not even a blunt rule"),
        ("suggestible", "judge", "cannot tell", "not even a blunt rule"),
        ("deaf", "judge", "cannot tell", "not even the positive control"),
        ("reluctant", "judge", "cannot tell", "The arms miss scores unequally (most in the amended arm, 20%)"),
        ("helpful", "judge-shy", "cannot tell", "60% of the amended arm have no score"),
        ("helpful", "judge-silent", "cannot tell", "100% of the baseline arm have no score"),
        ("helpful", "judge-crashing", "cannot tell", "100% of the baseline arm have no score"),
    ],
)
def test_verdict_is_what_subject_and_judge_do(
    subject: str, judge: str, word: str, reason: str, run_scripted: Run
) -> None:
    verdict = run_scripted(subject, judge=f"scripted/{judge}", block_size=100).result.verdict

    assert (verdict.word, reason in verdict.reason) == (word, True), verdict.reason


def test_no_effect_without_a_blunt_rule_cannot_tell(run_scripted: Run) -> None:
    verdict = run_scripted("indifferent", scenarios=NO_BLUNT_RULE, block_size=100).result.verdict

    assert (verdict.word, "has no blunt rule" in verdict.reason) == ("cannot tell", True)


@pytest.mark.parametrize(
    ("subject", "fate"),
    [("refusing", "refused"), ("empty", "no reply"), ("long-winded", "truncated"), ("crashing", "failed")],
)
def test_a_reply_that_is_lost_in_one_arm_is_counted_by_its_fate_and_not_graded(
    subject: str, fate: str, run_scripted: Run, stage: Stage
) -> None:
    ran = run_scripted(subject, block_size=100)

    assert ran.result.verdict.word == "cannot tell"
    assert "100% of the amended arm have no score" in ran.result.verdict.reason
    assert ran.summary("amended", is_target=True).missing == {fate: 6}
    assert ran.summary("amended", is_target=True).mean is None
    assert ran.summary("placebo", is_target=True).missing == {}
    assert len(stage.prompts) == 10 + 10 + 6, "baseline, placebo and the blunt rule"


def test_a_judge_that_fails_is_counted_as_such_and_never_as_a_score_of_zero(run_scripted: Run) -> None:
    ran = run_scripted("helpful", judge="scripted/judge-forgetful", block_size=100)

    sides = ran.summary("amended", is_target=False)
    assert (sides.mean, sides.n, sides.missing) == (1.0, 4, {"judge failed": 1})
    assert ran.result.verdict.side_effect.n == 3
    assert ran.result.verdict.word == "helps"


def test_a_control_that_is_cut_off_counts_by_its_first_word(run_scripted: Run) -> None:
    assert run_scripted("chatty", block_size=100).result.verdict.obeyed == 8


def test_subject_is_asked_under_its_own_name_and_judge_reads_the_placeholder(run_scripted: Run, stage: Stage) -> None:
    items = scenario_items()
    for item in items:
        item["messages"] = [{"user": f"Clément! {turn['user']}"} for turn in item["messages"]]  # type: ignore[attr-defined]
    run_scripted("quoting", scenarios=scenario_source(items), block_size=100)

    assert all(user.startswith("Odile! ") for _, user in stage.calls)
    assert all("user: Clément! About" in prompt and "Odile" not in prompt for prompt in stage.prompts)


def test_scenarios_of_a_family_count_as_one_cluster(finished: Trial) -> None:
    target = Ran(finished, []).result.verdict.target

    assert (target.n, target.families) == (12, 6)


def test_judge_sees_neither_document_nor_arm_nor_passage_nor_name(run_scripted: Run, stage: Stage) -> None:
    trial = run_scripted("quoting", block_size=100).trial

    def runs_of_six(text: str) -> set[str]:
        words = re.findall(r"\w+", text.casefold())
        return {" ".join(words[at : at + 6]) for at in range(len(words) - 5)}

    given = set.union(*(runs_of_six(system) for system in trial.systems.values()))
    assert len(stage.prompts) == 10 * 3 + 6
    for prompt in stage.prompts:
        assert not given & runs_of_six(prompt)
        assert not re.search(r"odile|scripted|baseline|amended|placebo|inverted|control|blunt", prompt, re.IGNORECASE)
        assert "I am Clément" in prompt
    quoted = [prompt for prompt in stage.prompts if "I was told: […]" in prompt]
    assert len(quoted) == 10 * 2 + 6, "amended, placebo and blunt rule were quoted, and masked"


def test_a_finished_trial_asks_nobody_again(finished: Trial, stage: Stage) -> None:
    again = run(finished)

    assert (stage.calls, stage.prompts) == ([], [])
    assert [(step.done, step.total) for step in again.steps] == [(sum(block_sizes(finished)),) * 2]


def test_progress_rises_by_one_sample_to_its_total(run_scripted: Run) -> None:
    ran = run_scripted("helpful", block_size=5)

    total = sum(block_sizes(ran.trial))
    done = [step.done for step in ran.steps]
    assert done == sorted(done)
    assert set(done) == set(range(total + 1))
    assert {step.total for step in ran.steps} == {total}


def test_progress_reaches_its_total_where_requests_fail(run_scripted: Run) -> None:
    last = run_scripted("crashing", block_size=100).steps[-1]

    assert last.done == last.total


def flip(path: Path, member: str) -> None:
    """Change bytes of one member of a log, which is a zip file."""
    with zipfile.ZipFile(path) as archive:
        info = next(info for info in archive.infolist() if info.filename.startswith(member))
    raw = bytearray(path.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    for at in range(start, start + info.compress_size):
        raw[at] ^= 0x55
    path.write_bytes(raw)


@pytest.mark.parametrize("damage", ["half", "tail", "zeros", "empty", "header"])
def test_a_damaged_log_does_not_count_and_its_block_alone_runs_again(
    damage: str, finished: Trial, stage: Stage
) -> None:
    log = finished_logs(finished)["block-2"]
    raw = log.read_bytes()
    if damage == "header":
        flip(log, "header.json")
    else:
        log.write_bytes(
            {"half": raw[: len(raw) // 2], "tail": raw[:-40], "zeros": bytes(len(raw)), "empty": b""}[damage]
        )

    ran = run(finished)

    assert len(stage.calls) == block_sizes(finished)[1]
    assert sorted(finished_logs(finished)) == ["block-1", "block-2", "block-3"]
    assert ran.result.verdict.word == "helps"


def test_a_log_with_a_damaged_sample_is_an_error_with_a_mend(finished: Trial) -> None:
    flip(finished_logs(finished)["block-2"], "samples/")

    with pytest.raises(TrialError):
        _ = Ran(finished, []).result


def test_logs_of_another_design_do_not_count(finished: Trial, tmp_path: Path) -> None:
    other = make_trial(tmp_path, folder="trials/mark-views/2", seed=2)
    shutil.copytree(finished.logs, other.logs)

    assert finished_logs(other) == {}
    with pytest.raises(TrialError, match="not one block of this trial is finished"):
        _ = Ran(other, []).result


@pytest.mark.parametrize("folder", ["issue#7", "100%25", "why?"])
def test_finished_blocks_are_found_in_a_folder_of_any_name(folder: str, finished: Trial) -> None:
    moved = finished.folder.with_name(folder)
    finished.folder.rename(moved)

    assert sorted(finished_logs(dataclasses.replace(finished, folder=moved))) == ["block-1", "block-2", "block-3"]


def test_logs_open_in_inspect_with_the_documents_that_were_shown(finished: Trial) -> None:
    for block, path in finished_logs(finished).items():
        log = read_eval_log(str(path))
        assert (log.status, log.eval.task_version) == ("success", finished.protocol.content_hash)
        assert log.samples is not None
        assert len(log.samples) == block_sizes(finished)[int(block.rpartition("-")[2]) - 1]
        for sample in log.samples:
            arm, scenario = sample.metadata["arm"], sample.metadata["scenario"]
            key = finished.placebo_of(scenario) if arm == "placebo" else arm
            assert sample.messages[0].text == finished.systems[key]


def test_arms_of_a_block_are_asked_one_after_the_other_in_an_order_of_the_seed(tmp_path: Path) -> None:
    orders = []
    for seed in range(1, 9):
        trial = make_trial(tmp_path, seed=seed, block_size=100)
        arms = [sample.metadata["arm"] for sample in block_samples(trial, planned_blocks(trial)[0]) if sample.metadata]
        order = [arm for arm, _ in itertools.groupby(arms)]
        assert sorted(order) == ["amended", "baseline", "blunt", "control", "placebo"]
        assert arms == [s.metadata["arm"] for s in block_samples(trial, planned_blocks(trial)[0]) if s.metadata]
        orders.append(tuple(order))

    assert len(set(orders)) > 1


def test_where_nobody_answers_the_run_stops_and_goes_on_once_somebody_does(tmp_path: Path, stage: Stage) -> None:
    trial = store_trial(make_trial(tmp_path, block_size=5))
    stage.is_down = True
    with pytest.raises(TrialError, match=r"not one request of block-1 was answered: .*nobody is at home"):
        run(trial)
    assert len(stage.calls) == block_sizes(trial)[0], "the second block was not begun"
    assert finished_logs(trial) == {}

    stage.clear()
    ran = run(trial)

    assert len(stage.calls) == sum(block_sizes(trial))
    assert ran.result.verdict.word == "helps"


@pytest.mark.parametrize(
    ("subject", "judge", "problem"),
    [
        ("scripted/helpful", "nobody/judge", "the judge nobody/judge is not known"),
        ("nobody/subject", "scripted/judge", "the subject nobody/subject is not known"),
        ("scripted/helpful", "gpt", "'gpt' is no model name"),
    ],
)
def test_an_unknown_model_is_refused_before_any_call(
    subject: str, judge: str, problem: str, tmp_path: Path, stage: Stage
) -> None:
    trial = store_trial(make_trial(tmp_path, subject, judge=judge))

    with pytest.raises(ModelError, match=re.escape(problem)):
        run_trial(trial, progress=lambda _: None)
    assert stage.calls == []


def test_a_trial_that_began_with_other_versions_is_refused_before_any_call(finished: Trial, stage: Stage) -> None:
    versions = finished.protocol.versions | {"inspect_ai": "0.3.1"}
    other = dataclasses.replace(finished, protocol=dataclasses.replace(finished.protocol, versions=versions))

    with pytest.raises(TrialError, match=r"this trial began with .*inspect_ai 0\.3\.1"):
        run_trial(other, progress=lambda _: None)
    assert stage.calls == []


@pytest.mark.parametrize("file", ["baseline.md", "amended.md", "placebo-2.md", "control.md", "scenarios.yaml"])
def test_a_trial_with_changed_materials_is_refused(file: str, finished: Trial) -> None:
    path = finished.folder / "materials" / file
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(TrialError, match=f"materials/{file} changed since the protocol was written"):
        read_trial(finished.folder)


def test_a_trial_with_a_changed_draft_is_refused(finished: Trial) -> None:
    path = finished.folder / "materials/amendment.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    with pytest.raises(TrialError):
        read_trial(finished.folder)


def test_a_protocol_that_was_edited_after_the_run_decides_nothing(finished: Trial) -> None:
    path = finished.folder / "protocol.toml"
    before = path.read_text(encoding="utf-8")
    edited = before.replace("\nmargin = 0.05\n", "\nmargin = 5.0\n")
    assert edited != before
    path.write_text(edited, encoding="utf-8")

    with pytest.raises(TrialError):
        _ = Ran(read_trial(finished.folder), []).result


def test_a_trial_without_a_part_of_its_materials_is_refused(finished: Trial) -> None:
    (finished.folder / "materials/blunt.md").unlink()

    with pytest.raises(TrialError, match="lacks a part of its materials"):
        read_trial(finished.folder)


def test_a_folder_without_protocol_is_no_trial(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="is no trial"):
        read_trial(tmp_path)
