"""`avenant check --judge`: a model's opinion on whether passages contradict clauses."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from avenant.check.contradiction import Opinion, Question, ask_judge, find_opinion_flaws, find_questions
from avenant.check.engine import read_drafts
from avenant.check.finding import Finding
from avenant.check.registry import RULES_BY_ID
from avenant.errors import shown_path
from avenant.models import estimate_tokens, is_embedded, open_model
from avenant.replies import KeptReplies, reply_key
from avenant.workspace import Workspace, ignore_folder

ANSWERS = "answers"
"""Folder of what judges replied; a reply may say the model's real name, so git does not track it."""
_RULE = RULES_BY_ID["contradicts-clause"]


def find_opinions(workspace: Workspace, paths: Sequence[Path], model: str, *, is_sure: bool) -> list[Finding]:
    """Ask a judge about every draft, and give what it takes for a contradiction.

    What is to be asked is shown first; each reply is on the disk before the next question is put.

    Raises:
        ModelError: the judge is not ready, or does not answer; the replies so far are kept.
    """
    asked = [(draft, find_questions(draft)) for draft in read_drafts(workspace, paths)]
    replies = KeptReplies(workspace.root / ANSWERS)
    new = [one for _, questions in asked for one in questions if reply_key(model, one.prompt) not in replies]
    _show_plan([one for _, questions in asked for one in questions], new, model)
    if new and not is_sure and not is_embedded(model):
        click.confirm("Ask?", abort=True, err=True)
    if new:
        ignore_folder(workspace.root, ANSWERS)
    found: list[Finding] = []
    # What was answered before costs nothing, and needs no key.
    opened = open_model(model, role="judge") if new else nullcontext(no_reply)
    with opened as ask:
        for draft, questions in asked:
            opinions = ask_judge(questions, ask, replies, model=model)
            found += [Finding.from_flaw(flaw, _RULE.id, _RULE.severity) for flaw in find_opinion_flaws(draft, opinions)]
            _show_void(draft.path, opinions)
    return found


def no_reply(prompt: str, *, seed: int | None = None) -> str:
    """Stands for a model that is not to be asked, since all was answered before."""
    raise AssertionError(f"every reply is kept, and yet one is asked for: {prompt[:80]!r}")


def _show_plan(questions: Sequence[Question], new: Sequence[Question], model: str) -> None:
    tokens = sum(estimate_tokens(one.prompt) for one in new)
    click.echo(
        f"{len(questions)} questions to {model}, {len(new)} of them new: about {tokens:,} tokens and its replies.",
        err=True,
    )


def _show_void(path: Path, opinions: Sequence[Opinion]) -> None:
    for one in opinions:
        if one.answer is None:
            place = f"{shown_path(path)}:{one.question.line}"
            click.echo(f"{place}: a reply of the judge counts for nothing: {one.problem}", err=True)
