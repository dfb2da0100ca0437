"""no-conduct: the passage does not say what the model does.

A lab's document is instruction. Observations about the world, however true, leave the model to guess what follows from
them; a judge cannot grade a reply against them either.

Example: "When work passes to machines, people lose their oldest means of being heard."

Instead: add what the model does about it: "… Clément brings up once how those affected keep a say."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.reading import agents_of, find_whole_passages, name_in_passages, read_passage
from avenant.check.rule import Rule


def find_missing_conduct(draft: Draft) -> Iterator[Flaw]:
    """A flaw where no sentence of the draft's passages has the model do, leave or be anything."""
    passages = find_whole_passages(draft)
    model = "|".join(re.escape(name) for name in (draft.amendment.placeholder, *agents_of(draft)))
    being = re.compile(
        rf"(?<!\w)(?:{model})\ (?:\w+ly\ |also\ )?\w+s\b|\bit\ (?:is|stays|remains|has)\b"
        r"|\byou\ (?:should|must|may|can)\b",
        re.IGNORECASE,
    )
    # Whom the passage addresses is the matter of another rule.
    readings = [reading for passage in passages for reading in read_passage(draft, passage)]
    if readings and not any(reading.acts or being.search(reading.sentence.bare) for reading in readings):
        name = name_in_passages(draft)
        mend = f"say it in a sentence with {name} as its subject, or as an instruction"
        yield Flaw(draft.path, passages[0].line, f"the passage does not say what {name} does", mend)


RULE = Rule("no-conduct", "warning", "the model is told nothing that it could do", find_missing_conduct)
