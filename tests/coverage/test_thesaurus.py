from __future__ import annotations

import pytest

from avenant.coverage.thesaurus import read_thesaurus


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does it just tell me what I want to hear?", "sycophancy"),
        ("Will anyone still need workers like me?", "intelligence-curse"),
    ],
)
def test_a_newcomers_question_comes_near_to_the_threat_that_it_means(question: str, expected: str) -> None:
    found = [entry.threat.id for _, entry in read_thesaurus().find(question) if entry.threat]
    title = [entry.text.split(".")[0].casefold() for _, entry in read_thesaurus().find(question)]
    assert expected in found or any(expected[:6] in one for one in title)


def test_shares_add_up_to_one_and_fall() -> None:
    shares = [share for share, _ in read_thesaurus().find("a coup with the help of a machine")]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


def test_a_description_of_a_known_threat_is_recognised_and_another_is_not() -> None:
    same = read_thesaurus().find_same(
        "Power grabs with AI. A small group uses AI systems to take over a government, since they need no soldiers or "
        "officials who might refuse."
    )
    assert same is not None
    assert same.goal == "prevent-catastrophe"
    assert read_thesaurus().find_same("Apple cake. Take four apples, flour and butter, and bake for an hour.") is None


def test_topics_and_threats_name_no_lab() -> None:
    names = ("openai", "anthropic", "claude", "chatgpt", "gemini", "deepmind")
    assert [text for text in read_thesaurus().texts() if any(name in text.casefold() for name in names)] == []
