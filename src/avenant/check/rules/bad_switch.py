"""bad-switch: a comment that should turn a rule off names no rule, an unknown one, or no reason.

Rules are turned off in the open. Whoever reads the draft, at a lab above all, should learn why one of them does not
hold for it; so a comment without a reason turns nothing off.

Example: `<!-- avenant: off too-long -->`

Instead: `<!-- avenant: off too-long: the section is a list of cases -->` above the block that it is about, or `#
avenant: off RULE: the reason` in YAML. `avenant check --rules` lists the rules.
"""

from __future__ import annotations

from avenant.check.rule import Rule

RULE = Rule(
    "bad-switch", "warning", "whoever reads the draft should learn why a rule does not hold for it", text=__doc__
)
