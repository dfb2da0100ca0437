from __future__ import annotations

from collections import Counter

from avenant.trials.design import Trial
from avenant.trials.logs import finished_logs
from avenant.trials.results import read_result
from avenant.trials.spending import Usage
from tests.trials.materials import MARKER
from tests.trials.running import Run, block_sizes
from tests.trials.scripted import Stage


def test_every_call_has_its_tokens_counted_by_model(run_scripted: Run, stage: Stage) -> None:
    usage = run_scripted("helpful", block_size=5).result.usage

    assert usage == {
        "scripted/helpful": Usage(input=100 * len(stage.calls), output=7 * len(stage.calls)),
        "scripted/judge": Usage(input=100 * len(stage.prompts), output=7 * len(stage.prompts)),
    }
    assert len(stage.calls) == 44


def test_every_scenario_is_observed_once_in_every_arm_that_asks_it(finished: Trial) -> None:
    seen = Counter((o.scenario, o.arm) for o in read_result(finished).observations)

    assert set(seen.values()) == {1}
    assert Counter(arm for _, arm in seen) == {"baseline": 20, "amended": 20, "placebo": 20, "control": 8, "blunt": 12}


def test_transcripts_hold_the_replies_in_the_order_of_the_protocol(finished: Trial) -> None:
    transcripts = read_result(finished).transcripts

    order = [one for block in finished.protocol.blocks for one in block]
    assert [t.scenario for t in transcripts] == sorted((t.scenario for t in transcripts), key=order.index)
    assert {t.scenario for t in transcripts} == set(order)
    for transcript in transcripts:
        if transcript.arm == "amended":
            assert (MARKER in transcript.reply) == finished.scenario(transcript.scenario).is_target


def test_only_finished_blocks_are_read(finished: Trial) -> None:
    finished_logs(finished)["block-3"].unlink()

    result = read_result(finished)

    assert (result.finished_blocks, result.blocks) == (2, 3)
    assert (result.verdict.word, result.verdict.reason) == ("cannot tell", "The trial is not finished.")
    assert len(result.observations) == sum(block_sizes(finished)[:2])
    assert {o.scenario for o in result.observations if o.arm == "amended"} == set(
        finished.protocol.blocks[0] + finished.protocol.blocks[1]
    )
