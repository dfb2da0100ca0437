"""repeats-clause: the passage says again what a clause of the document says.

What stands there already is no amendment. An editor who meets it stops reading, and a trial of it measures nothing.

Example: "Clément deceives nobody, whether by falsehoods or by true statements arranged to mislead", in a document that
has "It does not deceive through falsehoods, nor through true statements arranged to mislead."

Instead: leave the sentence out, or replace the clause itself where you mean to change it. The share that is shown is
that of the words in common, or of the stems weighted by how rare they are; what is said again in quite other words is
not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.reading import agents_of, find_taken, read_passage
from avenant.check.rule import Rule
from avenant.reading.index import Alike, index_document, opposed_share
from avenant.reading.reading import Reading
from avenant.specs.document import Clause

_WORDS, _TOPIC = 0.6, 0.66
"""Share of a sentence's words, or likeness, from which it says what a clause says."""
_BOTH = 0.4, 0.55
"""The same where words and likeness speak for it together."""
_WANTED = 0.4
"""Share of what a sentence wants that the clause has to want or not want as well."""
_LEAST_WORDS, _LEAST_CONCEPTS = 8, 4
"""Shorter sentences are alike by chance."""


def find_repeats(draft: Draft) -> Iterator[Flaw]:
    """One flaw for each sentence of a passage that says what a clause says that the draft leaves as it is."""
    if draft.spec is None:
        return
    index = index_document(draft.spec.document, agents_of(draft))
    taken = find_taken(draft)
    for passage in draft.passages:
        for reading in read_passage(draft, passage):
            alike = _find_same(reading, index.find_alike(reading), taken)
            if alike is not None:
                share = round(100 * max(alike.likeness, alike.repeated))
                problem = f"the sentence and a clause are {share} % alike"
                line = passage.line_at(reading.sentence.span.start)
                mend = "leave it out if it says the same; replace the clause if it is to change it"
                yield Flaw(draft.path, line, problem, mend, shown=(draft.shown(alike.reading.sentence.span),))


def _find_same(reading: Reading, alike: list[Alike], taken: tuple[Clause, ...]) -> Alike | None:
    if len(reading.words) < _LEAST_WORDS or len(reading.concepts) < _LEAST_CONCEPTS:
        return None
    for one in alike:
        is_same = one.repeated >= _WORDS or (one.likeness >= _TOPIC and _are_of_a_kind(reading, one.reading))
        is_same = is_same or (
            one.repeated >= _BOTH[0] and one.likeness >= _BOTH[1] and _are_of_a_kind(reading, one.reading)
        )
        if is_same and one.reading.sentence.clause not in taken and opposed_share(reading, one.reading) < 0.5:
            return one
    return None


def _are_of_a_kind(ours: Reading, theirs: Reading) -> bool:
    """Whether both instruct, and have what they want in common: the same occasion alone is no repetition."""
    if not ours.acts or not theirs.acts:
        return False
    return not ours.signs or sum(concept in theirs.signs for concept in ours.signs) >= _WANTED * len(ours.signs)


RULE = Rule("repeats-clause", "warning", "what stands there already is no amendment", find_repeats)
