"""other-spelling: the passage spells a word otherwise than the document does.

Behaviour or behavior, organise or organize, wellbeing or well-being: an editor has to mend it, and until then a search
finds the word in one place and not in the other. What counts is the document: the word itself where it stands there,
else its class (words in -our, in -ise), else all words that are spelled in a British or an American way.

Example: “Clément organises its behaviour” in a document that writes “organize” and “behavior”.

Instead: “Clément organizes its behavior”. `--fix` does it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.orthography import Variant, find_joined, find_variants
from avenant.check.rule import Rule
from avenant.check.running_text import parse_passage


def find_other_spelling(draft: Draft) -> Iterator[Flaw]:
    """A flaw for each word of a passage that the document spells otherwise."""
    if draft.style is None:
        return
    known = draft.style.orthography
    for passage in draft.passages:
        text = parse_passage(passage.text)
        found: dict[str, list[Variant]] = defaultdict(list)
        reasons: dict[str, str] = {}
        for variant in (*find_variants(text), *find_joined(text, known)):
            reason = known.evidence_against(variant)
            if reason is not None:
                found[variant.key].append(variant)
                reasons[variant.key] = reason
        for key, variants in found.items():
            first = variants[0]
            times = f" ({len(variants)} ×)" if len(variants) > 1 else ""
            yield Flaw(
                draft.path,
                passage.line_at(first.start),
                draft.masked(f"“{first.word}”{times}: {reasons[key]}"),
                draft.masked(f"write “{first.other}”"),
                passage.fix_all((one.start, one.end, one.other) for one in variants),
            )


RULE = Rule(
    "other-spelling",
    "note",
    "an editor has to mend it, and a search misses it",
    find_other_spelling,
    is_fixable=True,
)
