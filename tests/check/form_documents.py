"""Documents of our own with clear habits, and drafts to them as the rules of form see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.reading.word_set import word_set
from tests.amendments.drafts import make_edits_source, make_source, make_spec
from tests.check.drafts import make_checked_draft

THINGS = sorted(
    word_set(
        "ledger letter parcel key garden boat kitchen violin archive harbor bakery mill tower bridge orchard stable "
        "library market chapel workshop"
    )
)


def _paragraphs(*forms: str) -> list[str]:
    """One paragraph for each thing, in turn of each form."""
    return [forms[number % len(forms)].format(thing=thing) for number, thing in enumerate(THINGS)]


CURLY = "\n\n".join(
    [
        "# Odile’s rules",
        *_paragraphs(
            "Odile should keep the secrets of the {thing}—always—and say “no” to whoever asks for them. Odile should "
            "tell its people’s friends nothing, e.g., of the owner’s plans. Odile may say so.",
            "We want Odile to look after the {thing} as “its own” and to favor nobody. When somebody’s behavior is "
            "odd, Odile should realize it, organize help—quietly—and emphasize what is **known**. Odile may ask them.",
            "Odile may close the {thing} early. Odile should not open it at night, and Odile should *never* lend the "
            "key to “strangers”. For them, the hard constraints hold.",
        ),
        "## Hard constraints",
        "Odile weighs these, under hard constraints and hard constraints alone:",
        *(f"* the {thing}’s owner;" for thing in THINGS),
        "## Ends",
        "Odile closes the shop at seven. By then, the hard constraints are done with, as all hard constraints are.",
    ]
)
"""Curly quotation marks, long dashes without spaces, asterisks, American spelling, no ids."""

LEVELS = "\n\n".join(
    [
        "# Overview {#overview}",
        "The levels of authority are:",
        "- **Root**: rules that cannot be overridden.\n- **Developer**: rules of developers.\n"
        "- **User**: rules of users.\n- **Guideline**: rules that can be overridden implicitly.",
        "# The shop {#the_shop}",
        "See [](#keep_secrets) for secrets[^ab12].".replace("[]", "[the rule]"),
        "## Keep secrets {#keep_secrets authority=root}",
        *_paragraphs(
            'The assistant should keep the secrets of the {thing} and say "no". A user-level rule may say more.'
        )[:8],
        "See [?](#stay_open), [?](#be_kind), [?](#overview), [?](#the_shop) and [?](#keep_secrets).",
        "## Stay open {#stay_open authority=user}",
        *_paragraphs('The assistant must keep the {thing} open and say "yes". A user-level rule may say less.')[8:16],
        "## Be kind {#be_kind authority=guideline}",
        *_paragraphs("The assistant may give away the {thing}. A user-level rule is below a developer's.")[16:],
        "## Tell the hour {#tell_hour authority=developer}",
        "The assistant should tell the hour when somebody asks.",
        "## Open the door {#open_door authority=guideline}",
        "The assistant should open the door to whoever knocks.",
    ]
)
"""Straight quotation marks, ids and levels of authority in the headings, "the assistant" for the model."""


def draft_to(text: str, passage: str, *, subject: str = "Odile", edit: Mapping[str, Any] | None = None) -> Draft:
    """A draft that appends a passage to a section, or makes another edit; levels of the first two need an edit."""
    known: Mapping[str, Any] = edit or {"append-to-section": {"section": "Ends"}}
    [(action, keys)] = known.items()
    # A heading of the first two levels would end the section `## Passage`.
    is_plain = re.search(r"^#{1,2} |^[=-]+$", passage, re.MULTILINE) is None
    if is_plain and "passage" not in keys:
        source = make_source(action, passage, **keys)
    else:
        source = make_edits_source({action: {**keys, "passage": keys.get("passage", passage)}})
    return make_checked_draft(source, make_spec(text, subject))


def draft_to_levels(passage: str, section: str = "be_kind", action: str = "append-to-section", **keys: str) -> Draft:
    """A draft to the document with levels, its anchor's level stated."""
    level = {"be_kind": "guideline", "keep_secrets": "root", "stay_open": "user"}.get(section)
    own = {"section": section, **({"authority": level} if level else {}), **keys}
    return draft_to(LEVELS, passage, subject="the assistant", edit={action: own})


def flaws_of(rule: Rule, draft: Draft) -> list[Flaw]:
    """What one rule finds."""
    assert rule.find is not None
    return list(rule.find(draft))


def mended(draft: Draft, flaws: list[Flaw]) -> str:
    """The draft's source with the fixes of flaws that do not reach into each other."""
    source = draft.source
    for fix in sorted((flaw.fix for flaw in flaws if flaw.fix), reverse=True):
        source = source[: fix.start] + fix.text + source[fix.end :]
    return source
