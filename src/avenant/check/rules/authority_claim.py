"""authority-claim: the passage claims to bind somebody who may override it, by the level of its section.

In documents with levels of authority, the section's level decides who may override a rule, whatever the rule says of
itself. “Even if the developer asks” in a section that developers may override contradicts the document's own order,
and a reader at the lab sees that the draft was put in the wrong place.

Example: “This cannot be overridden, even if the developer instructs otherwise” in a section of the level guideline.

Instead: put the rule into a section of a level that can bind, or give it a section of its own there; or leave the claim
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.heading_style import AuthorityLevels
from avenant.check.landing_place import section_of
from avenant.check.passage import Passage
from avenant.check.rule import Rule
from avenant.check.running_text import Sentence, parse_passage

_ABSOLUTE = re.compile(
    r"""
      \b(?:can|could|may|must|should|shall)(?:not|n['’]t|\ not|\ never)\ (?:ever\ )?be[ ]
        (?:overridden|overriden|overruled|waived|set\ aside)(?!\ \w+ly\b)
      (?:\ by\ (?:any(?:one|body|thing)?|whatever))?
    | \b(?:overrides|takes\ precedence\ over|prevails\ over|outranks)\ (?:all|any|every)\b
    | \bno\ (?:\w+\ ){0,3}(?:can|may)\ (?:override|overrule|waive)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAYS = r"(?:\w+ly )?(?:ask|instruct|request|say|tell|demand|insist|order|direct|want|permit|allow|override)"


def find_authority_claims(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each sentence that claims more than its section's level gives."""
    levels = draft.style.levels if draft.style else None
    if levels is None or not levels.order:
        return
    for passage in draft.passages:
        for sentence in parse_passage(passage.text).sentences:
            level = _level_of(draft, passage, sentence)
            rank = levels.rank(level) if level else None
            claim = None if rank is None else _find_claim(levels, rank, sentence)
            if claim is not None:
                words, name = claim
                overridden = f"the level {name} may override" if name else "can be overridden"
                problem = f"“{words}” stands in a section of the level {level}, which {overridden}"
                mend = "put it into a section of a higher level, or leave the claim out"
                yield Flaw(draft.path, passage.line_at(sentence.start), draft.masked(problem), mend)


def _level_of(draft: Draft, passage: Passage, sentence: Sentence) -> str | None:
    own = parse_passage(passage.text).document
    stated = own.authority_of(own.section_at(sentence.start))
    assert draft.spec is not None
    section = section_of(draft.spec.document, passage)
    return stated or (draft.spec.document.authority_of(section) if section else None)


def _find_claim(levels: AuthorityLevels, rank: int, sentence: Sentence) -> tuple[str, str] | None:
    """The words of a claim that a rank cannot make, and the level that they deny; empty where they deny all."""
    for name in levels.order[: rank + 1]:
        # Whoever speaks at a level may override what stands at that level or below it.
        match = _claim_about(name).search(sentence.text)
        if match:
            return " ".join(match.group().split()), name
    match = _ABSOLUTE.search(sentence.text)
    if match and rank > 0 and not _names_below(levels, rank, sentence.text[match.end() :]):
        return " ".join(match.group().split()), ""
    return None


def _claim_about(role: str) -> re.Pattern[str]:
    who = rf"(?:an? |the |any |some )?(?:\w+ (?:or|and) (?:an? |the )?)?{re.escape(role)}s?"
    return re.compile(
        rf"\b(?:even (?:if|when|where)|regardless of (?:whether|what)|no matter (?:what|how|whether)) {who} "
        rf"(?:messages? |prompts? )?(?:\w+ (?:or|and) (?:\w+ )?)?{_SAYS}s?\b"
        rf"|\b(?:regardless of|irrespective of|whatever) (?:any |the )?(?:\w+ (?:or|and) )?{re.escape(role)}"
        rf"(?:s|['’]s)? (?:or \w+ )?(?:instructions?|messages?|requests?|prompts?|says?|wants?)\b",
        re.IGNORECASE,
    )


def _names_below(levels: AuthorityLevels, rank: int, rest: str) -> bool:
    """Whether those who cannot override are named, and all of them are below."""
    match = re.match(r"\ by\ (?P<who>[^.;]*)", rest, re.VERBOSE)
    named = [name for name in levels.order if match and re.search(rf"\b{name}", match["who"], re.IGNORECASE)]
    return bool(named) and all(levels.order.index(name) > rank for name in named)


RULE = Rule(
    "authority-claim", "warning", "the section's level decides, not what the rule says of itself", find_authority_claims
)
