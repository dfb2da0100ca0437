"""All rules, in the order in which `avenant check --rules` lists them."""

from __future__ import annotations

from avenant.check.rule import Rule
from avenant.check.rules import bad_switch, invalid_format, prose, unread_file
from avenant.check.rules.anchor import RULE as ANCHOR
from avenant.check.rules.disguised_name import RULE as DISGUISED_NAME
from avenant.check.rules.duplicate_scenario import RULE as DUPLICATE_SCENARIO
from avenant.check.rules.empty_section import RULE as EMPTY_SECTION
from avenant.check.rules.few_families import RULE as FEW_FAMILIES
from avenant.check.rules.hidden_character import RULE as HIDDEN_CHARACTER
from avenant.check.rules.missing_canary import RULE as MISSING_CANARY
from avenant.check.rules.missing_rubric import RULE as MISSING_RUBRIC
from avenant.check.rules.model_name import RULE as MODEL_NAME
from avenant.check.rules.name_in_file_name import RULE as NAME_IN_FILE_NAME
from avenant.check.rules.no_side_effects import RULE as NO_SIDE_EFFECTS
from avenant.check.rules.no_target import RULE as NO_TARGET
from avenant.check.rules.none_held_out import RULE as NONE_HELD_OUT
from avenant.check.rules.other_amendment import RULE as OTHER_AMENDMENT
from avenant.check.rules.partly_held_out import RULE as PARTLY_HELD_OUT
from avenant.check.rules.quotes_passage import RULE as QUOTES_PASSAGE
from avenant.check.rules.small_family import RULE as SMALL_FAMILY
from avenant.check.rules.stale_release import RULE as STALE_RELEASE
from avenant.check.rules.unlike_replies import RULE as UNLIKE_REPLIES

INVALID_FORMAT = invalid_format.RULE
"""Found where a file is read, by no function of its own."""
BAD_SWITCH = bad_switch.RULE
"""Found where comments turn rules off."""
PROSE = prose.RULE
"""Found by Vale, where it is asked."""

RULES: tuple[Rule, ...] = (
    INVALID_FORMAT,
    BAD_SWITCH,
    # Poisoning
    MODEL_NAME,
    DISGUISED_NAME,
    NAME_IN_FILE_NAME,
    HIDDEN_CHARACTER,
    MISSING_CANARY,
    unread_file.RULE,
    # Anchoring
    ANCHOR,
    STALE_RELEASE,
    # Form
    EMPTY_SECTION,
    PROSE,
    # Substance
    # Settled judgement
    # Scenarios
    OTHER_AMENDMENT,
    NO_TARGET,
    NO_SIDE_EFFECTS,
    FEW_FAMILIES,
    SMALL_FAMILY,
    DUPLICATE_SCENARIO,
    QUOTES_PASSAGE,
    MISSING_RUBRIC,
    UNLIKE_REPLIES,
    NONE_HELD_OUT,
    PARTLY_HELD_OUT,
)

RULES_BY_ID = {rule.id: rule for rule in RULES}
