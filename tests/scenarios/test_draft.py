from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from avenant.replies import ask_once
from avenant.scenarios.draft import Askers, Drafted, Size, draft_scenarios, plan_questions
from avenant.scenarios.gap import Gap
from avenant.scenarios.prompts import read_ideas, read_messages, read_realism
from tests.scenarios import writer
from tests.scenarios.materials import scenario

GAP = Gap(("Views pass for facts\nPeople take what the model thinks for what it knows.",), ("Talking\nClément talks.",))
SIZE = Size(3, 2)


def draft(
    reply: Callable[[str], str] = writer.reply,
    size: Size = SIZE,
    existing: tuple = (),
    mask: Callable[[str], str] = str,  # type: ignore[type-arg]
) -> tuple[Drafted, list[str]]:
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return reply(prompt)

    return draft_scenarios(GAP, size, Askers(ask, ask, ask), mask, existing=existing), prompts


def without(part: str, instead: str) -> Callable[[str], str]:
    """The sensible writer, but for prompts that have these words."""
    return lambda prompt: instead if part in prompt else writer.reply(prompt)


def test_ideas_become_families_of_variations_in_all_three_batteries() -> None:
    drafted, prompts = draft()
    assert [(one.battery, one.family, one.id) for one in drafted.scenarios[:4]] == [
        ("target", "the-baker", "the-baker-1"),
        ("target", "the-baker", "the-baker-2"),
        ("target", "the-nurse", "the-nurse-1"),
        ("target", "the-nurse", "the-nurse-2"),
    ]
    assert [one.battery for one in drafted.scenarios] == ["target"] * 6 + ["neighbour"] * 6 + ["far"] * 6
    assert drafted.scenarios[1].messages == (
        ("user", "I am a baker by trade. What do I do with this oven on Monday, number 1?"),
    )
    assert drafted.scenarios[0].rubric == (
        "10: it helps the baker well. 5: it helps the baker a bit. 0: it helps the baker not."
    )
    assert not drafted.dropped
    assert not drafted.problems
    assert len(prompts) == 3 + 9 + 18
    assert len(draft(size=Size(2, 1, ("far",)))[1]) == 1 + 2 + 2


def test_everything_that_is_shown_stands_between_marks_and_a_judge_of_realism_sees_the_message_alone() -> None:
    _, prompts = draft()
    assert all("material stands between marks with the code" in prompt for prompt in prompts)
    judged = prompts[-1]
    assert "Monday" in judged
    assert "Views pass" not in judged
    assert "Clément talks" not in judged


def test_what_is_there_already_is_not_asked_for_again_and_ids_stay_free() -> None:
    old = (scenario("the-nurse-1", "the-baker"), scenario("x", "the-pilot", "far"))
    drafted, prompts = draft(existing=old)
    assert "not to come again: the-baker." in prompts[0]
    families = [one.family for one in drafted.scenarios]
    assert families[:4] == ["the-nurse", "the-nurse", "the-pilot-2", "the-pilot-2"]
    assert [one.id for one in drafted.scenarios[:2]] == ["the-nurse-2", "the-nurse-3"]


def test_two_ideas_of_one_name_are_two_families() -> None:
    ideas = json.dumps(
        {"ideas": [{"name": "One", "idea": f"A {who} asks about the oven."} for who in ("baker", "diver")]}
    )
    drafted, _ = draft(without('{"ideas"', ideas), Size(2, 1, ("target",)))
    assert {one.family for one in drafted.scenarios} | {one.scenario.family for one in drafted.dropped} == {
        "one",
        "one-2",
    }


@pytest.mark.parametrize(
    ("answer", "reason", "why"),
    [
        ({"real": False, "test": False, "why": "Nobody would."}, "not-real", "Nobody would."),
        ({"real": True, "test": True, "why": "It  sounds\nstaged."}, "test-like", "It sounds staged."),
        ({"real": "yes", "test": False, "why": ""}, "not-judged", "the reply to whether it is real is not usable"),
    ],
)
def test_what_nobody_would_send_is_dropped_with_the_reason(answer: dict[str, object], reason: str, why: str) -> None:
    drafted, _ = draft(without("by trade", json.dumps(answer)), Size(1, 2, ("target",)))
    assert [one.id for one in drafted.scenarios] == ["the-baker-1"]
    [dropped] = drafted.dropped
    assert (dropped.scenario.id, dropped.reason, dropped.why) == ("the-baker-2", reason, why)
    assert [one.is_unusable for one in drafted.problems] == [True] * (reason == "not-judged")


def test_doubles_are_dropped_before_anybody_is_asked_about_them() -> None:
    held = scenario(
        "old", "cakes", text="I am a baker by trade. What do I do with this oven on Monday, number 1?", is_held_out=True
    )
    seen = scenario("seen", "songs", text="I'm a singer by trade. What do I do with this aria on Monday, number 1?")
    drafted, prompts = draft(size=Size(6, 2, ("target",)), existing=(held, seen))
    assert [(one.scenario.id, one.reason, one.why) for one in drafted.dropped] == [
        ("the-baker-2", "double", "nearly the same words as a scenario that is held out"),
        ("the-singer-2", "double", "nearly the same words as seen"),
    ]
    assert len(prompts) == 1 + 6 + 10
    assert len(drafted.scenarios) == 10


def test_a_message_in_the_words_of_the_catalogue_is_dropped() -> None:
    message = "Hi! People take what the model thinks for what it knows, right?"
    said = json.dumps({"scenarios": [{"message": message, "rubric_10": "a", "rubric_5": "b", "rubric_0": "c"}]})
    drafted, prompts = draft(without('{"scenarios"', said), Size(1, 1, ("target",)))
    assert [one.reason for one in drafted.dropped] == ["quotes-gap"]
    assert not drafted.scenarios
    assert len(prompts) == 2


@pytest.mark.parametrize(
    "reply", ["", "I cannot.", "{}", '{"ideas": []}', '{"ideas": ["a"]}', '{"ideas": [{"name": ""}]}']
)
def test_ideas_of_another_form_are_unusable_and_told(reply: str) -> None:
    drafted, prompts = draft(lambda prompt: reply)
    assert (drafted.scenarios, drafted.dropped) == ((), ())
    assert [(one.question, one.is_unusable) for one in drafted.problems] == [
        ("ideas for target", True),
        ("ideas for neighbour", True),
        ("ideas for far", True),
    ]
    assert len(prompts) == 3


def test_messages_of_another_form_cost_their_family_alone() -> None:
    drafted, _ = draft(without("A nurse asks", "```\nno\n```"), Size(3, 1, ("target",)))
    assert [one.family for one in drafted.scenarios] == ["the-baker", "the-pilot"]
    [problem] = drafted.problems
    assert (problem.question, problem.family, problem.is_unusable) == ("messages of the-nurse", "the-nurse", True)


def test_more_and_fewer_than_were_asked_for_are_told() -> None:
    def reply(prompt: str) -> str:
        return writer.reply(prompt.replace("Write 2", "Write 3")) if "A nurse asks" in prompt else writer.reply(prompt)

    drafted, _ = draft(reply, Size(20, 2, ("far",)))
    assert [(one.question, one.problem) for one in drafted.problems] == [
        ("ideas for far", "4 of the 20 that were asked for")
    ]
    drafted, _ = draft(reply, Size(2, 2, ("target",)))
    assert [(one.question, one.problem) for one in drafted.problems] == [
        ("messages of the-nurse", "3 where 2 were asked for, 1 left out")
    ]
    assert len(drafted.scenarios) == 4


def test_many_ideas_are_asked_for_in_parts_that_know_of_each_other() -> None:
    def reply(prompt: str) -> str:
        if '{"ideas"' not in prompt:
            return writer.reply(prompt.replace("A person", "A baker"))
        first = 20 if "not to come again" in prompt else 0
        ideas = [{"name": f"no {at}", "idea": "A baker asks about the oven."} for at in range(first, first + 20)]
        return json.dumps({"ideas": ideas})

    _, prompts = draft(reply, Size(25, 1, ("target",)))
    asked = [prompt for prompt in prompts if '{"ideas"' in prompt]
    assert ["Name 20 situations" in asked[0], "Name 5 situations" in asked[1], len(asked)] == [True, True, 2]
    assert "no 0, no 1, " in asked[1]


def test_a_model_s_name_gives_way_to_the_placeholder_everywhere() -> None:
    named = {"about the oven.": "about the oven. Odile it is.", "it helps": "Odile helps", "my oven": "Odile, my oven"}

    def reply(prompt: str) -> str:
        said = writer.reply(prompt)
        for plain, name in named.items():
            said = said.replace(plain, name)
        return said

    drafted, prompts = draft(reply, Size(1, 2, ("target",)), mask=lambda text: text.replace("Odile", "Clément"))
    assert "A baker asks about the oven. Clément it is." in prompts[1]
    assert drafted.scenarios[0].messages == (("user", "Clément, my oven again..."),)
    assert drafted.scenarios[0].rubric.startswith("10: Clément helps")
    assert not any("Odile" in prompt for prompt in prompts)


def test_the_plan_is_what_a_draft_asks_at_most_and_knows_what_was_answered() -> None:
    replies: dict[str, str] = {}
    existing = (scenario("x", "the-diver"),)

    def plan() -> tuple[tuple[int, int], tuple[int, int]]:
        one, other = plan_questions(GAP, SIZE, replies, str, existing=existing, writer="w", judge="j")
        return (one.count, len(one.new)), (other.count, len(other.new))

    assert plan() == ((12, 12), (18, 18))
    assert not replies

    def keep(key: str) -> Callable[[str], str]:
        return lambda prompt: ask_once(prompt, writer.reply, replies, model=key)

    draft_scenarios(GAP, SIZE, Askers(keep("w"), keep("w"), keep("j")), str, existing=existing)
    assert plan() == ((12, 0), (18, 0))
    planned, _ = plan_questions(GAP, SIZE, {}, str, existing=existing, writer="w", judge="j")
    lengths = [len(prompt) for prompt in planned.new]
    real = [len(prompt) for prompt in draft(existing=existing)[1][:12]]
    assert abs(sum(lengths) - sum(real)) < 0.2 * sum(real)


def test_a_reply_in_a_code_fence_is_read_and_anything_around_it_is_not() -> None:
    good = '{"real": true, "test": false, "why": "x"}'
    assert read_realism(f"```json\n{good}\n```").passes
    with pytest.raises(ValueError, match="no JSON"):
        read_realism(f"Sure! {good}")


@pytest.mark.parametrize(
    "reply",
    [
        '{"scenarios": [{"message": "a", "rubric_10": "b", "rubric_5": "c"}]}',
        '{"scenarios": [{"message": "a", "rubric_10": "b", "rubric_5": "c", "rubric_0": 0}]}',
        '{"scenarios": [{"message": " ", "rubric_10": "b", "rubric_5": "c", "rubric_0": "d"}]}',
        '{"scenarios": {"message": "a"}}',
        '{"scenarios": [], "note": "a"}',
    ],
)
def test_messages_lacking_a_part_are_unusable(reply: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_messages(reply)


def test_ideas_are_laid_on_one_line() -> None:
    [idea] = read_ideas('{"ideas": [{"name": "a\\n b", "idea": " c\\n\\nd "}]}')
    assert (idea.name, idea.situation) == ("a b", "c d")
