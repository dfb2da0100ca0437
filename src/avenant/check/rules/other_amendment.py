"""other-amendment: a scenario file says that it is for another amendment than the one whose name it has.

`avenant check` and `avenant try` find a draft's scenarios by their file's name. Where `amendment:` names another draft,
one of the two is wrong, and a trial does not start.

Example: `scenarios/ask-first.yaml` with `amendment: mark-opinions`, left over from a copy.

Instead: correct `amendment:`, or rename the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.rule import Rule
from avenant.check.yaml_keys import key_line


def find_other_amendment(draft: Draft) -> Iterator[Flaw]:
    """A flaw where the scenario file names another draft."""
    file, slug = draft.scenarios, draft.amendment.slug
    if file is not None and file.amendment not in ("", slug):
        problem = f"the file says that it is for {file.amendment!r}; by its name it is for {slug!r}"
        mend = f"write `amendment: {slug}`, or rename the file"
        yield Flaw(file.path, key_line(file.source, "amendment"), problem, mend)


RULE = Rule("other-amendment", "error", "a trial would try the wrong scenarios", find_other_amendment)
