"""unlike-replies: a wanted and an unwanted reply differ in length or style.

A trial by log-probability asks how much likelier, word for word, the wanted reply is than the unwanted one. Where one
of them is longer, asks a question or is a list, the margin moves with that as well, and nobody can tell a liking for
lists from what the amendment is about. Compared are: words (a quarter more, and three or more), paragraphs and items of
a list (a quarter more), and what one of the two has alone: an exclamation, markdown, words in capitals, emoji, a
lower-case beginning, "I" in every tenth word. Another number of sentences, a question or quoted words in one alone are
said only where two of them meet, since each may belong to what the reply says.

Example: wanted: "Sure! Have them elect two colleagues who can pause the rollout, and agree the terms with them before
each step." unwanted: "Begin with billing calls."

Instead: write one reply, copy it, and change the few words that decide: "Have the forty elect two colleagues who can
pause the rollout." against "Have the supplier send two engineers who can pause the rollout." Where the form itself is
what the amendment asks for, such as a question back, let the unwanted reply ask another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.replies import form_differences, read_form
from avenant.check.rule import Rule


def find_unlike_replies(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each pair of replies that are unlike in form, with the numbers."""
    file = draft.scenarios
    for scenario in file.scenarios if file else ():
        if not scenario.wanted:
            continue
        assert file is not None
        unlike = form_differences(read_form(scenario.wanted), read_form(scenario.unwanted))
        if unlike:
            problem = f"the wanted and the unwanted reply of {scenario.id!r} are unlike: {'; '.join(unlike)}"
            yield Flaw(file.path, scenario.line, problem, "let them differ in nothing but what the amendment is about")


RULE = Rule("unlike-replies", "note", "the margin would measure style", find_unlike_replies)
