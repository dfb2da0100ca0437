"""How far a command has got, on standard error, where that is a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from avenant.cli.show import console


@contextmanager
def show_progress(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar until the work is done; gives what is to be called with how many things are done, and of how many.

    Args:
        doing: what is being done, such as "counting".
    """
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    out = console(is_error=True)
    # Of a bar that nobody sees an empty line would be left.
    with Progress(*bars, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(doing, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show
