"""none-held-out: no scenario was kept from the passage's author.

Whoever has seen the scenarios, or replies to them, while writing the passage has fitted it to them, whether they meant
to or not; a trial on those scenarios then says how well the passage fits its examples, and not what it will do. Only
files with twelve scenarios or more are looked at: fewer are a beginning.

Example: thirty-six scenarios, all written together with the passage.

Instead: let someone else write a family or two after the passage is settled, or lay some aside before the first draft;
mark those `held-out: true`. A mark that is not true is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import key_line
from avenant.scenarios import packed_path

_LEAST = 12


def find_none_held_out(draft: Draft) -> Iterator[Flaw]:
    """A flaw where a file of some size has no scenario that is held out."""
    file = draft.scenarios
    if file is None or len(file.scenarios) < _LEAST or any(scenario.is_held_out for scenario in file.scenarios):
        return
    if packed_path(file.path).is_file():
        return
    problem = f"none of the {len(file.scenarios)} scenarios is held out: the passage may be fitted to all of them"
    mend = "let others write some families without the passage's author, and mark them `held-out: true`"
    yield Flaw(file.path, key_line(file.source, "scenarios"), problem, mend)


RULE = Rule(
    "none-held-out", "note", "a passage that was fitted to its scenarios looks better than it is", find_none_held_out
)
