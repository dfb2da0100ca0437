"""`avenant gaps --judge`: a model's opinion on what documents cover, beside the estimate by words."""

from __future__ import annotations

from collections.abc import Iterable

import click

from avenant.cli.asking import KEPT, Asking, open_asking, show_answers
from avenant.cli.judging import ANSWERS
from avenant.cli.progress import show_progress
from avenant.cli.show import workspace_mask
from avenant.coverage.judge import Question, ask_judge, find_questions, leave_unanswered, put_cells
from avenant.coverage.matrix import Cell, Matrix
from avenant.errors import ModelError
from avenant.mask import Mask
from avenant.models import Ask, context_tokens, estimate_tokens, is_embedded
from avenant.replies import KeptReplies, reply_key
from avenant.workspace import Workspace

_MAX_TOKENS = 2000
"""Longest reply; a model that thinks first needs most of it for that."""
_EMBEDDED_MAX_TOKENS = 200
"""Of the embedded model, which would ramble on."""
_EMBEDDED_ROOM = 1000
"""Tokens of clauses that the embedded model is shown."""
_PATIENCE = 3
"""Questions in a row without an answer after which no more are asked. One alone may be refused for its subject."""


def judge_matrix(
    matrix: Matrix, workspace: Workspace, model: str, *, price: tuple[float, float] | None, is_sure: bool
) -> Matrix:
    """A matrix with a judge's labels wherever its reply counts; the others stay as words gave them.

    The cost is shown first; each reply is on the disk before the next question is put. Where the judge does not
    answer, that is said, and the cells left have an opinion that says so; see `Matrix.is_answered`.

    Args:
        matrix: what words say.
        workspace: where replies are kept.
        model: any Inspect model name.
        price: dollars per million tokens of prompt and of reply; None where Inspect is to say.
        is_sure: whether to ask without a question back.

    Raises:
        ModelError: the judge is not ready: an unknown name, a missing package or key.
        click.Abort: the user does not agree to the cost.
    """
    replies = KeptReplies(workspace.root / ANSWERS)
    mask = Mask(workspace_mask(workspace).names, workspace.defaults.placeholder)
    is_local = is_embedded(model)
    total = sum(len(row) for row in matrix.cells)
    with show_progress("choosing clauses") as show:
        questions = find_questions(
            matrix,
            mask,
            budget_tokens=_EMBEDDED_ROOM if is_local else context_tokens(model),
            count_tokens=estimate_tokens,
            progress=lambda done: show(done, total),
        )
    if not questions:
        click.echo("There is no label to ask a judge about.", err=True)
        return matrix
    new = [one.prompt for one in questions.values() if reply_key(model, one.prompt) not in replies]
    asking = Asking(model, "judge", _EMBEDDED_MAX_TOKENS if is_local else _MAX_TOKENS, price=price, is_sure=is_sure)
    with open_asking(asking, workspace, len(questions), new) as ask:
        cells = _ask_all(questions, ask, replies, model, mask)
    _say_result(cells.values(), mask)
    return put_cells(matrix, cells)


def _ask_all(
    questions: dict[tuple[str, str], Question], ask: Ask, replies: KeptReplies, model: str, mask: Mask
) -> dict[tuple[str, str], Cell]:
    cells = {}
    failed = 0
    # By document, so that a subject that a provider refuses to speak of does not look like a judge that is gone.
    ordered = sorted(questions.items(), key=lambda item: item[0][1])
    with show_answers("asking the judge", len(questions)) as show:
        for key, question in ordered:
            is_kept = reply_key(model, question.prompt) in replies
            if not is_kept and failed >= _PATIENCE:
                cells[key] = leave_unanswered(question, model=model)
                continue
            try:
                cells[key] = ask_judge(question, ask, replies, model=model)
                failed = failed if is_kept else 0
            except ModelError as error:
                failed += 1
                cells[key] = leave_unanswered(question, model=model)
                click.echo(f"{_name(question.cell, mask)}: {error.faults[0].problem}", err=True)
            show(sum(_is_answered(cell) for cell in cells.values()))
    return cells


def _is_answered(cell: Cell) -> bool:
    return cell.opinion is not None and cell.opinion.is_answered


def _name(cell: Cell, mask: Mask) -> str:
    return f"{mask.id(cell.threat.id)}, {cell.spec.id}"


def _say_result(cells: Iterable[Cell], mask: Mask) -> None:
    """Say on standard error what counts for nothing, and what came of it all."""
    found = list(cells)
    opinions = [cell.opinion for cell in found if cell.opinion is not None]
    for cell in found:
        opinion = cell.opinion
        if opinion is None or not opinion.is_answered:
            continue
        what = "a reply of the judge counts for nothing" if opinion.label is None else "left out of a reply"
        for problem in opinion.problems:
            click.echo(f"{_name(cell, mask)}: {what}: {mask(problem)}", err=True)
    labelled = [one for one in opinions if one.label is not None]
    changed = sum(one.label != one.estimate for one in labelled)
    answered = sum(one.is_answered for one in opinions)
    click.echo(
        f"The judge labelled {len(labelled)} of {len(opinions)} cells, {changed} of them otherwise than words did; "
        f"{answered - len(labelled)} replies count for nothing, and those cells keep the label that words gave.",
        err=True,
    )
    if answered < len(opinions):
        click.echo(
            f"error: {len(opinions) - answered} of {len(opinions)} questions are without an answer\n"
            f"  mend: see that the judge can be reached, and run this again: {KEPT}",
            err=True,
        )
