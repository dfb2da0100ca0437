"""Asking a model from the command line: what it will cost is said before it is asked, and no answer is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from avenant.cli.judging import ANSWERS, no_reply
from avenant.cli.show import console
from avenant.errors import ModelError
from avenant.models import Ask, check_model_name, estimate_tokens, find_price, is_embedded, open_model
from avenant.prices import Price
from avenant.workspace import Workspace, ignore_folder

KEPT = f"answers are kept in {ANSWERS}/ and not asked for twice"
"""What is said wherever asking ends early."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is to be asked, and on what terms."""

    model: str
    """Its Inspect name."""
    role: str
    """What it is to be, for messages."""
    max_tokens: int
    """Longest reply."""
    temperature: float = 0
    price: tuple[float, float] | None = None
    """Dollars per million tokens of prompt and of reply, as the user gave them; None: by the price table."""
    is_sure: bool = False
    """Whether to ask without a question back."""


def say_cost(asking: Asking, count: int, new: Sequence[str], *, prices: Mapping[str, Price] = {}) -> None:
    """Say on standard error what the questions will cost.

    Args:
        asking: who is to be asked.
        count: of all questions.
        new: the prompts of those that were not answered before.
        prices: the workspace's price table.
    """
    opening = f"{_count(count, 'question')} to {asking.model}"
    if not new:
        click.echo(f"{opening}: all answered before, so nothing is asked and nothing spent.", err=True)
        return
    tokens_in = sum(estimate_tokens(prompt) for prompt in new)
    tokens_out = len(new) * asking.max_tokens
    click.echo(
        f"{opening}, {len(new)} of them new: about {tokens_in:,} tokens in and at most {tokens_out:,} out; "
        f"{_price(asking, tokens_in, tokens_out, prices)}.",
        err=True,
    )


def _price(asking: Asking, tokens_in: int, tokens_out: int, prices: Mapping[str, Price]) -> str:
    if is_embedded(asking.model):
        return "it runs on this machine and costs nothing"
    known = find_price(asking.model, prices)
    price = asking.price or ((known.input, known.output) if known else None)
    if price is None:
        return "price unknown (give it in dollars per million tokens: --price IN OUT)"
    low, high = (tokens_in * price[0] / 1e6, (tokens_in * price[0] + tokens_out * price[1]) / 1e6)
    return f"${low:,.2f} for the questions, at most ${high:,.2f} with the replies"


@contextmanager
def open_asking(asking: Asking, workspace: Workspace, count: int, new: Sequence[str]) -> Iterator[Ask]:
    """A function that asks, once the user has seen the cost and agreed to it.

    Where every question was answered before, no model is opened, and no key is needed.

    Args:
        asking: who is to be asked.
        workspace: where replies are kept.
        count: of all questions.
        new: the prompts of those that were not answered before.

    Raises:
        ModelError: the model is not ready, or does not answer.
        click.Abort: the user does not agree.
    """
    check_model_name(asking.model, role=asking.role)
    say_cost(asking, count, new, prices=workspace.prices)
    if not new:
        yield no_reply
        return
    opened = open_model(asking.model, role=asking.role, max_tokens=asking.max_tokens, temperature=asking.temperature)
    # A key that is missing is said before the question is put whether to spend.
    with opened as ask:
        if not asking.is_sure and not is_embedded(asking.model):
            click.confirm("Ask?", abort=True, err=True)
        ignore_folder(workspace.root, ANSWERS)
        yield ask


@contextmanager
def show_answers(words: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress display on standard error, told how many are done; where it ends early, what is kept is said.

    Args:
        words: what is being done.
        total: of questions.

    Raises:
        ModelError: the model did not answer; says how far it came.
    """
    done = 0
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    try:
        out = console(is_error=True)
        with ProgressBar(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
            task = bar.add_task(words, total=total)

            def show(number: int) -> None:
                nonlocal done
                done = number
                bar.update(task, completed=number)

            yield show
    except ModelError as error:
        problem = f"{error.faults[0].problem} ({done} of {total} questions are answered)"
        raise ModelError(problem, mend=f"see that it can be reached, and run this again: {KEPT}") from error
    except KeyboardInterrupt:
        click.echo(f"{done} of {total} questions are answered; to go on, run this again: {KEPT}", err=True)
        raise


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
