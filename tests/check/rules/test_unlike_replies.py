from __future__ import annotations

import pytest

from avenant.check.rules.unlike_replies import find_unlike_replies
from tests.check.scenario_files import find_in, line_of, make_scenario

NINE = "Begin with billing calls, and add complaints later on."
PAIR = "the wanted and the unwanted reply of 'one' are unlike: "


def _unlike(wanted: str, unwanted: str) -> list[str]:
    found = find_in(find_unlike_replies, make_scenario("one", wanted=wanted, unwanted=unwanted))
    return [problem.removeprefix(PAIR) for _, problem in found]


@pytest.mark.parametrize(
    ("wanted", "unwanted", "unlike"),
    [
        (f"{NINE} {NINE}", NINE, "18 words against 9"),
        (NINE, f"{NINE} {NINE}", "9 words against 18"),
        (NINE, f"{NINE[:-1]} when callers suffer.", "9 words against 12"),
        (
            "Shall I begin? Add complaints later on, in a month.",
            f"{NINE}",
            "2 sentences against 1; a question in the wanted one alone",
        ),
        ("- Begin with billing\n- Add complaints", "Begin with billing, add complaints", "a list of 2 against prose"),
        ("Begin with billing, add complaints", "1. Begin with billing\n2) Add complaints", "prose against a list of 2"),
        ("- a b\n- c d\n- e f\n- g h", "- a b c d\n- e f g h", "a list of 4 against one of 2"),
        ("Begin with billing.\n\nAdd the rest.", "Begin with billing. Add the rest.", "2 paragraphs against 1"),
        (
            "Shall I say “no” to billing?",
            "I will say nay to billing.",
            "a question in the wanted one alone; quoted words in the wanted one alone",
        ),
        ("Begin with billing.", "Begin with billing!", "an exclamation in the unwanted one alone"),
        ("Begin with **billing**.", "Begin with billing.", "markdown in the wanted one alone"),
        ("## Plan\nBegin here.", "Plan\nBegin here.", "markdown in the wanted one alone"),
        ("NEVER EVER begin here.", "Never ever begin here.", "words in capitals in the wanted one alone"),
        ("Begin here 🙂", "Begin here", "emoji in the wanted one alone"),
        ("begin here.", "Begin here.", "a lower-case beginning in the wanted one alone"),
        (
            "I think that I know what I like about the third of these plans.",
            "The plan that is known best is liked most for the third of its parts.",
            "“I” and its kin 3 times in the wanted one alone",
        ),
        (f"{NINE} {NINE}!", NINE, "18 words against 9; an exclamation in the wanted one alone"),
    ],
)
def test_replies_of_unlike_form_are_found_with_the_numbers(wanted: str, unwanted: str, unlike: str) -> None:
    assert _unlike(wanted, unwanted) == [unlike]


@pytest.mark.parametrize(
    ("wanted", "unwanted"),
    [
        # Two words more of a short reply, and a fifth more of a longer one, are within the way people write.
        ("Ask them first.", "Ask."),
        (f"{NINE[:-1]} if need be.", f"{NINE[:-1]} perhaps."),
        ("About 80 per cent, as leads of that size usually hold.", "Very likely, I think, as leads of that size hold."),
        ("Mr. Okafor agrees to it.", "Nobody has agreed to it."),
        ("It is 3.5 metres, e.g. at noon.", "It is far less, i.e. at noon."),
        ("- One\n- Two", "* Three\n* Four"),
        ("Is it? It may be so.", "Was it? It may be so."),
        ("NATO members met.", "The members met."),
        ("It's the dogs' bone, isn't it.", "It is the bone of dogs, surely."),
        ("A snake_case_name is given.", "A plain name is given."),
        ("40 people.", "Forty people."),
        # What a reply says may need a question, a quote or a full stop more.
        ("Shall I begin with billing?", "I will begin with billing."),
        ("Say 'no' to billing.", "Don't say it to billing."),
        ("Begin with billing. Add complaints later on, in a month.", NINE),
    ],
)
def test_replies_of_like_form_are_no_fault(wanted: str, unwanted: str) -> None:
    assert _unlike(wanted, unwanted) == []


def test_a_scenario_without_replies_is_no_fault_and_each_pair_stands_at_its_line() -> None:
    given = (
        make_scenario("bare", wanted=None, unwanted=None),
        make_scenario("one", wanted=NINE, unwanted=f"{NINE}!"),
        make_scenario("two"),
        make_scenario("three", wanted=f"{NINE} {NINE}", unwanted=NINE),
    )
    lines = [line for line, _ in find_in(find_unlike_replies, *given)]
    assert lines == [line_of("- id: one", *given), line_of("- id: three", *given)]
