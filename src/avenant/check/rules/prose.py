"""prose: Vale, where you ask for it, finds fault with a sentence of the draft.

Spelling, weasel words, sentences that nobody can follow: that is the work of a prose linter, and there is a good one.
`avenant check --vale` hands each section of a draft and each passage to Vale (https://vale.sh), with the styles that
the workspace's own `.vale.ini` names, and shows what it says at its line of the draft. Whatever severity Vale gives it,
it never fails the check: a style guide for software manuals knows nothing of constitutions.

Example: "Vale.Spelling: Did you really mean 'bargainning'?"

Instead: what Vale's message says; or turn its rule off in `.vale.ini`, where it belongs.
"""

from __future__ import annotations

from avenant.check.rule import Rule

RULE = Rule("prose", "note", "a reader stumbles over the sentence and not over the idea", text=__doc__)
