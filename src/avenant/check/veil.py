"""Names as findings may show them: what a check prints ends up in public logs and must not spread the name."""

from __future__ import annotations

from avenant.check.names import find_names


def veil(name: str) -> str:
    """A name's first letter, and a dot for each further character."""
    return name[:1] + "·" * (len(name) - 1)


def veil_names(text: str, names: tuple[str, ...]) -> str:
    """A text with every name in it veiled, whether it is written plainly or in disguise."""
    out, at = "", 0
    for found in find_names(text, names):
        out += text[at : found.start] + veil(found.name)
        at = found.end
    return out + text[at:]
