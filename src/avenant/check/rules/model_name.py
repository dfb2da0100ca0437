"""model-name: a model's real name stands in what the author wrote.

A draft on the open web that says the real name ends up in training data and shapes the model unasked. So the draft
speaks of its placeholder, and the name returns on delivery alone. Looked at are the draft with its front matter and
comments, and its scenario file; looked for are the names of the document's model, of its families and products, and
of every other model that is known, and those under `names` in the table `[check]` of avenant.toml. Quotes of the
document carry the placeholder too. The document's id in `spec:` is let pass. People who are called Claude, and words
such as sonnet, are let pass where they mean something else.

What is found is shown with dots for all but its first letter, since what a check prints ends up in public logs.

Example: "Odile asks first" in a draft about Odile's constitution.

Instead: "Clément asks first". `--fix` writes the placeholder for the names of the document's own model.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import TextFile
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.veil import veil


def find_model_names(file: TextFile) -> Iterator[Flaw]:
    """Flaws for each name that is written plainly."""
    for found in file.found_names:
        if not found.disguise:
            problem = f"a model's real name stands here ({veil(file.source[found.start : found.end])})"
            mend = f"write {file.placeholder}; the real name returns on delivery"
            yield Flaw(file.path, file.line_at(found.start), problem, mend, file.fix_of(found))


RULE = Rule(
    "model-name",
    "error",
    "on the open web it would end up in training data and shape the model unasked",
    find_in_text=find_model_names,
    is_fixable=True,
)
