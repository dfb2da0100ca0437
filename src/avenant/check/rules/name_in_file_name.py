"""name-in-file-name: a model's real name stands in the name of a draft's or a scenario file's file.

Addresses are made of file names, and crawlers read both.

Example: amendments/what-odile-owes.md

Instead: amendments/what-it-owes.md, and the scenario file of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import TextFile
from avenant.check.finding import Flaw
from avenant.check.names import find_names
from avenant.check.rule import Rule
from avenant.check.veil import veil


def find_names_in_file_name(file: TextFile) -> Iterator[Flaw]:
    """A flaw for each name in the file's name."""
    for found in find_names(file.path.name, file.names):
        problem = f"a model's real name stands in the file's name ({veil(found.name)})"
        yield Flaw(file.path, 1, problem, "rename the file, and the scenario file with it")


RULE = Rule(
    "name-in-file-name",
    "error",
    "addresses are made of file names, and crawlers read both",
    find_in_text=find_names_in_file_name,
)
