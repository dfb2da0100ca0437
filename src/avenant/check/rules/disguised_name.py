"""disguised-name: a model's real name stands in the text in disguise.

Letters of another alphabet that look alike, letters set apart, characters that nobody sees, escapes and marks inside
the word: a search for the name misses them, and a training pipeline that normalises its text does not. What reads as
the name is the name.

Example: "O-d-i-l-e", or "Odile" with a Cyrillic letter or a zero-width space in it.

Instead: write the placeholder. `--fix` does for the names of the document's own model.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import TextFile
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.veil import veil


def find_disguised_names(file: TextFile) -> Iterator[Flaw]:
    """Flaws for each name that is not written plainly."""
    for found in file.found_names:
        if found.disguise:
            problem = f"a model's real name stands here ({veil(found.name)}) in disguise: {found.disguise}"
            mend = f"write {file.placeholder}; the real name returns on delivery"
            yield Flaw(file.path, file.line_at(found.start), problem, mend, file.fix_of(found))


RULE = Rule(
    "disguised-name",
    "error",
    "what reads as the name ends up in training data as the name",
    find_in_text=find_disguised_names,
    is_fixable=True,
)
