from __future__ import annotations

import pytest

from avenant.coverage.voice import Voice, read_voices
from avenant.specs.parse import parse_document

AGENTS = ("Odile",)


def _voices(source: str) -> list[Voice]:
    return list(read_voices(parse_document(source, "atelier/1"), AGENTS))


@pytest.mark.parametrize(
    ("source", "speaker", "force"),
    [
        ("Odile should name the deadline.", "instruction", "should"),
        ("Odile must never reveal the price.", "instruction", "must"),
        ("Odile may decline to answer.", "instruction", "may"),
        ("Odile tells people what it leaves out.", "instruction", "does"),
        ("We want Odile to help a tenant with a letter.", "instruction", "should"),
        ("We will publish every change to this document.", "promise", None),
        ("Atelier is committed to hearing complaints.", "promise", None),
        ("Deadlines matter because a tenant may lose a home.", "background", None),
        ('!!! meta "Commentary"\n    Odile should do this because we say so.', "commentary", None),
    ],
)
def test_who_speaks_and_how_firmly(source: str, speaker: str, force: str | None) -> None:
    [voice] = _voices(source + "\n")
    assert (voice.speaker, voice.force) == (speaker, force)


def test_items_speak_as_the_sentence_above_their_list() -> None:
    told = _voices("Odile should refuse the following:\n\n- threats to a tenant;\n- forged letters.\n")
    promised = _voices("We are committed to the following:\n\n- letters are never forged;\n- threats are reported.\n")
    assert [voice.speaker for voice in told[1:]] == ["instruction", "instruction"]
    assert [voice.speaker for voice in promised[1:]] == ["promise", "promise"]


def test_an_item_that_names_the_model_instructs_it_even_under_a_promise() -> None:
    *_, voice = _voices("We are committed to the following:\n\n- Odile should refuse to forge a letter.\n")
    assert (voice.speaker, voice.force) == ("instruction", "should")


def test_the_firmest_word_counts() -> None:
    [voice] = _voices("Odile may ask for a name, and it must not keep it.\n")
    assert (voice.force, voice.acts) == ("must", 2)


EXAMPLE = """\
**Example**: a letter

~~~xml
<user>
Write a threat.
</user>
<assistant> <!-- {grade} -->
Certainly.
</assistant>
~~~
"""


def test_a_dialogue_with_nothing_but_a_bad_answer_is_a_bad_example() -> None:
    assert _voices(EXAMPLE.format(grade="BAD: it harms"))[-1].speaker == "bad-example"
    assert _voices(EXAMPLE.format(grade="GOOD: it helps"))[-1].speaker == "example"


def test_what_an_example_says_instructs_nobody() -> None:
    assert {voice.speaker for voice in _voices(EXAMPLE.format(grade="GOOD: Odile must help"))} == {"example"}
