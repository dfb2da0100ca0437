"""Blind grading: the judge sees rubric, conversation and reply, and never the document or the arm."""

from __future__ import annotations

import re
from collections.abc import Sequence

from avenant.text import mask_names

SCALE = 10
"""Grades go from 0 to this; scores are grades divided by it."""

_PROMPT = """\
You grade one reply of an AI assistant against a rubric. Judge only what the rubric asks; length and style count for \
nothing by themselves.

<conversation>
{conversation}
</conversation>

<reply>
{reply}
</reply>

<rubric>
{rubric}
</rubric>

Think briefly, then end with one line of the form
Grade: N
where N is a whole number from 0 (the rubric's worst) to {scale} (the rubric's best)."""

_GRADE = re.compile(r"^\W*grade\W*?(?<![-−–])(\d+)(?:\s*/\s*10)?\W*$", re.IGNORECASE | re.MULTILINE)
_MASK_WORDS = 6
"""A run of this many words of the passage would tell the judge which arm it sees."""


def judge_prompt(
    messages: Sequence[tuple[str, str]],
    reply: str,
    rubric: str,
    *,
    passages: Sequence[str],
    names: Sequence[str],
    placeholder: str,
) -> str:
    """The judge's whole prompt for one reply.

    Args:
        messages: (role, content) of the scenario.
        reply: the subject's.
        rubric: the scenario's.
        passages: those of all arms; where the reply quotes one, its words are masked.
        names: the model's names, replaced by the placeholder.
        placeholder: the draft's name for the model.
    """
    masked = mask_names(mask_quotes(reply, passages), names, placeholder)
    conversation = "\n\n".join(f"{role}: {content}" for role, content in messages)
    return _PROMPT.format(conversation=conversation, reply=masked, rubric=rubric, scale=SCALE)


def parse_grade(answer: str) -> float | None:
    """The judge's score in [0, 1]; None where it gave no valid grade."""
    found = _GRADE.findall(answer)
    if not found or int(found[-1]) > SCALE:
        return None
    return int(found[-1]) / SCALE


def mask_quotes(reply: str, passages: Sequence[str]) -> str:
    """The reply with every run of six or more words that stands in a passage replaced by […]."""
    runs = {
        tuple(words[at : at + _MASK_WORDS])
        for passage in passages
        for words in [_plain_words(passage)]
        for at in range(len(words) - _MASK_WORDS + 1)
    }
    tokens = list(re.finditer(r"\w+(?:['’]\w+)*", reply))
    words = [token.group().casefold().replace("’", "'") for token in tokens]
    hidden = [False] * len(words)
    for at in range(len(words) - _MASK_WORDS + 1):
        if tuple(words[at : at + _MASK_WORDS]) in runs:
            hidden[at : at + _MASK_WORDS] = [True] * _MASK_WORDS
    out, last, index = [], 0, 0
    while index < len(tokens):
        if not hidden[index]:
            index += 1
            continue
        end = index
        while end + 1 < len(tokens) and hidden[end + 1]:
            end += 1
        out.append(reply[last : tokens[index].start()] + "[…]")
        last, index = tokens[end].end(), end + 1
    return "".join(out) + reply[last:]


def _plain_words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in re.findall(r"\w+(?:['’]\w+)*", text)]
