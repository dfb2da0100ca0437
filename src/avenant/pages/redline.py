"""The redline of an amendment as a page for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from avenant.amendments.redline import Redline
from avenant.pages.page import render_page
from avenant.text import DiffPiece


def render_redline(title: str, spec_id: str, redlines: Sequence[Redline], note: str, *, canary: str) -> str:
    """One page with every edited place, word by word.

    Args:
        title: the amendment's title.
        spec_id: `lab/version` of the document.
        redlines: the edited places, under the name that the page is to speak of.
        note: one sentence below the title.
        canary: the amendment's GUID.
    """
    trimmed = [replace(redline, pieces=_trim(redline.pieces)) for redline in redlines]
    return render_page("redline.html", canary=canary, title=title, spec_id=spec_id, redlines=trimmed, note=note)


def _trim(pieces: Sequence[DiffPiece]) -> tuple[DiffPiece, ...]:
    """The pieces without the blank lines at either end, which set a passage apart in its file and not on a page."""
    left = list(pieces)
    while left and not (text := left[0].text.lstrip("\r\n")):
        left.pop(0)
    if left:
        left[0] = replace(left[0], text=text)
    while left and not (text := left[-1].text.rstrip("\r\n")):
        left.pop()
    if left:
        left[-1] = replace(left[-1], text=text)
    return tuple(left)
