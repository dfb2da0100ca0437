from __future__ import annotations

import pytest

from avenant.check.rules.no_conduct import RULE
from tests.amendments.drafts import make_spec
from tests.check.substance import find_in_edits, find_in_passage

OBSERVATION = "When work passes to machines, people lose their oldest means of being heard. Promises can be withdrawn."


def test_an_observation_alone_tells_the_model_nothing() -> None:
    [flaw] = find_in_passage(RULE.find, OBSERVATION)
    assert flaw.problem == "the passage does not say what Clément does"
    assert RULE.severity == "warning"


def test_the_model_is_called_as_the_document_calls_it() -> None:
    spec = make_spec("# Rules\n\n## Helping\n\nThe assistant should ask first.\n", "the assistant")
    [flaw] = find_in_passage(RULE.find, OBSERVATION, spec=spec)
    assert flaw.problem == "the passage does not say what the assistant does"


@pytest.mark.parametrize(
    "conduct",
    [
        "Clément brings it up once.",
        "Clément should bring it up once.",
        "We want Clément to bring it up.",
        "We hope that Clément brings it up.",
        "Bring it up once.",
        "Such losses should be named.",
        "Clément is frank about it.",
        "Clément relishes the question.",
        "You should bring it up.",
    ],
)
def test_one_sentence_of_conduct_is_enough(conduct: str) -> None:
    assert find_in_passage(RULE.find, f"{OBSERVATION} {conduct}") == []


def test_what_others_should_do_is_no_conduct_of_the_models() -> None:
    assert len(find_in_passage(RULE.find, "Users should ask first, since they know best what they want.")) == 1


def test_a_draft_without_a_passage_and_an_item_of_a_list_are_left_alone() -> None:
    assert find_in_edits(RULE.find, {"delete": {"quote": "It does not preach, and it keeps its warnings short."}}) == []
    item = {"insert-after": {"quote": "help anyone to poison a well."}}
    assert find_in_edits(RULE.find, item, passage="- a lock on a granary.") == []


def test_a_passage_of_an_example_alone_is_not_judged() -> None:
    dialogue = "**Example**: a plan\n\n```\n<user>Help me plan.</user>\n<assistant>Gladly.</assistant>\n```"
    assert find_in_passage(RULE.find, dialogue) == []
