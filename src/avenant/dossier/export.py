"""Exports: an amendment as a patch, CriticMarkup, a snippet or a page, each with its canary.

Without `is_for_lab` everything speaks of the placeholder; with it of the model's real name, and the patch, the
CriticMarkup and the words to paste are those of the lab's own document, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence

from avenant.amendments.amendment import Amendment
from avenant.amendments.apply import Change
from avenant.amendments.redline import Redline, as_it_is, critic_markup, make_redline, unified_diff
from avenant.amendments.snippet import Instruction, find_instructions, make_snippet
from avenant.canary import canary_line
from avenant.mask import mask_for
from avenant.specs.library import Spec
from avenant.text import replace_name

LAB_NOTE = "This speaks of the model by its real name: it is for the lab, not for the open web."


def export_patch(
    spec: Spec, amendment: Amendment, changes: Sequence[Change], path: str, *, is_for_lab: bool = False
) -> str:
    """A unified diff; only the one for the lab can be applied to the lab's file.

    Args:
        spec: the document.
        amendment: the draft.
        changes: from `find_changes`.
        path: the file's path in the lab's repository.
        is_for_lab: whether it speaks of the real name.
    """
    canary = canary_line(amendment.canary)
    if is_for_lab:
        return unified_diff(spec.document, changes, path, head=[canary])
    note = (
        f"For reading: {amendment.placeholder} stands here for the names of the lab's models. "
        "`avenant diff --format unified --for-lab` writes the one that git applies."
    )
    return unified_diff(spec.document, changes, path, mask=mask_for(spec, amendment.placeholder), head=[note, canary])


def export_critic(spec: Spec, amendment: Amendment, changes: Sequence[Change], *, is_for_lab: bool = False) -> str:
    """The whole document as CriticMarkup, the canary in a comment that goes whatever becomes of the suggestions.

    Raises:
        EditError: the words themselves hold CriticMarkup's signs.
    """
    mask = as_it_is if is_for_lab else mask_for(spec, amendment.placeholder)
    return critic_markup(spec.document, changes, mask=mask, comment=canary_line(amendment.canary))


def export_snippet(spec: Spec, amendment: Amendment, *, is_for_lab: bool = False) -> str:
    """What to do where, and the words to paste.

    The one for the lab has no canary, which might be pasted into the lab's document along with the words.
    """
    if is_for_lab:
        return make_snippet(spec, amendment)
    text = make_snippet(spec, amendment, mask=mask_for(spec, amendment.placeholder))
    return f"{text}\n----\n{canary_line(amendment.canary)}\n"


def export_page(spec: Spec, amendment: Amendment, changes: Sequence[Change], *, is_for_lab: bool = False) -> str:
    """The redline as a page that stands alone."""
    from avenant.pages.redline import render_redline

    title = export_words(spec, amendment, amendment.title, is_for_lab=is_for_lab)
    redlines = make_redlines(spec, amendment, changes, is_for_lab=is_for_lab)
    note = _name_note(spec, amendment, is_for_lab=is_for_lab)
    return render_redline(title, spec.id, redlines, note, canary=amendment.canary)


def make_redlines(
    spec: Spec, amendment: Amendment, changes: Sequence[Change], *, is_for_lab: bool = False
) -> list[Redline]:
    """Every edited place, word by word."""
    mask = as_it_is if is_for_lab else mask_for(spec, amendment.placeholder)
    return [make_redline(spec.document, change, mask=mask) for change in changes]


def make_instructions(spec: Spec, amendment: Amendment, *, is_for_lab: bool = False) -> tuple[Instruction, ...]:
    """What an editor does for each edit."""
    return find_instructions(spec, amendment, mask=as_it_is if is_for_lab else mask_for(spec, amendment.placeholder))


def export_words(spec: Spec, amendment: Amendment, text: str, *, is_for_lab: bool = False) -> str:
    """The author's own words, in which the placeholder stands already."""
    if is_for_lab:
        return replace_name(text, amendment.placeholder, spec.manifest.subject)
    return mask_for(spec, amendment.placeholder)(text)


def _name_note(spec: Spec, amendment: Amendment, *, is_for_lab: bool) -> str:
    """One sentence on the name that a page speaks of; empty where the document has none for its model."""
    if is_for_lab:
        return LAB_NOTE if spec.model_names else ""
    return "" if spec.manifest.subject[:1].islower() else f"{amendment.placeholder} stands for the model's name."
