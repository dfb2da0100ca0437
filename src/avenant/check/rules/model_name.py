"""model-name: the model's real name, or another model's of a lab, stands in what the author wrote.

A draft on the open web that says the real name ends up in training data and shapes the model unasked. So the draft
speaks of its placeholder, and the name returns on delivery alone. The document's id in `spec:` names a lab and a
date, no model, and is let pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from avenant.check.finding import Finding
from avenant.text import names_pattern, split_lines

RULE = "model-name"


def find_model_names(source: str, path: Path, names: Sequence[str], placeholder: str) -> Iterator[Finding]:
    """Findings for each line that carries one of the names.

    Args:
        source: the whole text of a draft or a scenario file.
        path: its file.
        names: real names; the longest that fits is reported.
        placeholder: what to write instead.
    """
    pattern = names_pattern(tuple(names))
    is_front = False
    for number, line in enumerate(split_lines(source), 1):
        if line.rstrip() == "---":
            is_front = number == 1
        if is_front and line.startswith("spec:"):
            continue
        for match in pattern.finditer(line):
            mend = f"write {placeholder}; the real name returns on delivery"
            found = match.group().rstrip(".")
            yield Finding(path, number, RULE, f"the name {found!r} stands in the draft", mend)


def find_named_placeholder(placeholder: str, path: Path, line: int, names: Sequence[str]) -> Iterator[Finding]:
    """A finding where the placeholder is itself a model's name."""
    if any(placeholder.casefold() == name.casefold() for name in names):
        mend = "choose another French given name"
        yield Finding(path, line, RULE, f"the placeholder {placeholder!r} is a real model's name", mend)
