"""A rule: an id, how grave it is, one line of why, and the function that finds its flaws."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from avenant.check.draft import Draft, TextFile
from avenant.check.finding import Flaw, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; its module's docstring is its page in the docs."""

    id: str
    """The fault in kebab-case; never reused."""
    severity: Severity
    why: str
    """One line: what goes wrong where it is not kept."""
    find: Callable[[Draft], Iterable[Flaw]] | None = None
    """Finds the flaws of a draft that could be read."""
    find_in_text: Callable[[TextFile], Iterable[Flaw]] | None = None
    """Finds the flaws of any text file, whether it could be read as a draft or not."""
    is_fixable: bool = False
    """Whether `--fix` can mend some of its flaws."""
    text: str = ""
    """The page of a rule without a function of its own."""

    @property
    def page(self) -> str:
        """What the rule's page says: the docstring of its module."""
        function = self.find or self.find_in_text
        return inspect.getdoc(inspect.getmodule(function)) or "" if function else inspect.cleandoc(self.text)
