"""invalid-format: a draft or a scenario file is not what its format asks for.

What cannot be read can be neither applied nor tried nor checked. Found are invalid YAML, keys that are missing, unknown
or of another type, a canary that is no GUID, a section of another name or one that stands twice, a passage that no edit
takes, a scenario without anything to measure. All faults of a file are named at once, each with its line.

Example: `canary: none` in the front matter, or a heading `## Reasons` in the body.

Instead: `avenant new` writes a draft with all that belongs there; the two formats stand in amendments.md and
scenarios.md.
"""

from __future__ import annotations

from avenant.check.rule import Rule

RULE = Rule("invalid-format", "error", "no tool can read the file", text=__doc__)
