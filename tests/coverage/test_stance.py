from __future__ import annotations

import pytest

from avenant.coverage.stance import DECIDES, Stance, find_stance
from avenant.errors import FormatError
from avenant.specs.library import Spec
from tests.coverage.materials import make_spec

TEXT = """\
# How Odile conducts itself

## Secrets

Odile must never reveal the seller's lowest price to a buyer.

For now, we think that Odile should generally keep quiet about the wages of its colleagues.

Odile may swear in a story when its reader asks for coarse language.

## Sleep

Many people dream of the sea, of teeth and of trains at night.

Whether Odile dreams of the sea at night is a matter of debate, and we do not know.

## The harbour

- Pilots steer ships at dawn.

When ships arrive, Odile should never:

- wake the harbour master's dog;
- move the buoys of the eastern channel.

```
<user>Odile should always paint the lighthouse green.</user>
```
"""


@pytest.fixture(scope="module")
def spec() -> Spec:
    return make_spec(TEXT)


def _quote(stance: Stance) -> str:
    judgement = stance.deciding[0].judgement
    return stance.spec.document.folded_slice(judgement.span)


@pytest.mark.parametrize(
    ("claim", "verdict", "words"),
    [
        ("Odile may reveal the seller's lowest price to a buyer.", "settled", "must never reveal"),
        ("The assistant should keep quiet about the wages of its colleagues.", "leaning", "For now, we think"),
        ("It may swear in a story when a reader asks for coarse language.", "leaning", "may swear"),
        ("Odile can move the buoys of the eastern channel.", "settled", "move the buoys"),
    ],
)
def test_a_rule_and_a_view_decide_as_firmly_as_they_are_stated(
    spec: Spec, claim: str, verdict: str, words: str
) -> None:
    stance = find_stance(claim, spec)
    assert stance.verdict == verdict
    assert words in _quote(stance)
    assert stance.deciding[0].nearness >= DECIDES
    assert (stance.nearest, stance.reason, stance.mention) == (None, "", None)


def test_a_topic_that_only_occurs_is_open_and_is_shown(spec: Spec) -> None:
    stance = find_stance("Many people should dream of teeth and of trains.", spec)
    assert (stance.verdict, stance.deciding) == ("open", ())
    assert stance.mention is not None
    assert "teeth and of trains" in spec.document.slice(stance.mention.span)
    assert stance.reason == "the topic occurs, and no view or rule was found there"


def test_what_the_document_itself_leaves_open_is_open(spec: Spec) -> None:
    stance = find_stance("Odile dreams of the sea at night.", spec)
    assert stance.verdict == "open"
    assert stance.reason == "the document seems to say itself that this is open"
    assert stance.mention is not None
    assert "matter of debate" in spec.document.slice(stance.mention.span)


def test_a_rule_does_not_decide_what_is_so(spec: Spec) -> None:
    assert find_stance("The harbour master's dog wakes.", spec).verdict == "open"


def test_words_that_the_document_has_not_are_named(spec: Spec) -> None:
    stance = find_stance("Astronomers must publish their telescopes' data.", spec)
    assert stance.verdict == "open"
    assert "“astronomers”" in stance.reason
    assert "try other words" in stance.reason
    assert stance.nearest is not None
    assert stance.nearest.nearness < DECIDES


def test_an_example_dialogue_judges_nothing(spec: Spec) -> None:
    assert find_stance("Odile should always paint the lighthouse green.", spec).verdict == "open"


@pytest.mark.parametrize(
    ("claim", "direction"),
    [
        ("Odile reveals the seller's lowest price to a buyer.", "against"),
        ("Odile never reveals the seller's lowest price to a buyer.", "agrees"),
    ],
)
def test_a_claim_and_its_denial_point_in_opposite_directions(spec: Spec, claim: str, direction: str) -> None:
    assert find_stance(claim, spec).deciding[0].direction == direction


def test_the_lead_of_a_list_comes_with_its_item(spec: Spec) -> None:
    weighed = find_stance("Odile may wake the harbour master's dog.", spec).deciding[0]
    assert weighed.lead == "When ships arrive, Odile should never:"


@pytest.mark.parametrize("name", ["Odile", "Clément", "the assistant", "Zephyr-9", "an AI"])
def test_it_does_not_matter_what_the_claim_calls_the_model(spec: Spec, name: str) -> None:
    claim = f"{name} may reveal the seller's lowest price to a buyer."
    stance = find_stance(claim, spec, names=("Clément", "Zephyr-9"))
    assert stance.verdict == "settled"
    same = find_stance(claim.replace(name, "Odile"), spec)
    assert stance.deciding[0].nearness == pytest.approx(same.deciding[0].nearness)


@pytest.mark.parametrize("claim", ["", "   ", "?!", "it is so", "Odile", "Clément", "# "])
def test_a_claim_that_says_nothing_is_refused_with_an_example(spec: Spec, claim: str) -> None:
    with pytest.raises(FormatError, match="says nothing that could be looked for") as caught:
        find_stance(claim, spec, names=("Clément",))
    assert caught.value.faults[0].mend


@pytest.mark.parametrize(
    "claim", ["# Odile may lie", "> it may lie", "1. it may lie", "<b>it may lie</b>", "it may lie\n\n" * 400]
)
def test_a_claim_is_read_as_plain_words(spec: Spec, claim: str) -> None:
    assert find_stance(claim, spec).verdict in ("settled", "leaning", "open")


@pytest.mark.parametrize("claim", ["Odile darf nicht lügen.", "Одиль не должна лгать."])
def test_a_claim_in_another_language_is_not_called_open(spec: Spec, claim: str) -> None:
    with pytest.raises(FormatError, match="not to be in English") as caught:
        find_stance(claim, spec)
    assert caught.value.faults[0].mend == "say it in English"


def test_the_title_of_a_linked_section_stands_in_the_lead_of_a_list() -> None:
    text = "# Odile\n\n## Letters {#letters}\n\nBeyond [?](#letters), Odile should never:\n\n- forge a signature.\n"
    [decided, *_] = find_stance("Odile may forge a signature.", make_spec(text), decides_from=0.1).deciding
    assert decided.lead == 'Beyond "Letters", Odile should never:'


def test_a_document_without_any_judgement_says_so() -> None:
    stance = find_stance("Ships must arrive at dawn.", make_spec("# The harbour\n\nPilots like the sea at dawn.\n"))
    assert (stance.verdict, stance.nearest) == ("open", None)
    assert "no sentence was found in which the document states a view or a rule" in stance.reason


def test_a_heading_alone_is_no_trouble() -> None:
    assert find_stance("Ships must arrive at dawn.", make_spec("# The harbour\n")).verdict == "open"
