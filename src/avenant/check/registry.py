"""All rules, in the order in which `avenant check --rules` lists them."""

from __future__ import annotations

from avenant.check.rule import Rule
from avenant.check.rules import bad_switch, invalid_format, prose, unread_file
from avenant.check.rules.absolute_word import RULE as ABSOLUTE_WORD
from avenant.check.rules.anchor import RULE as ANCHOR
from avenant.check.rules.authority_claim import RULE as AUTHORITY_CLAIM
from avenant.check.rules.authority_level import RULE as AUTHORITY_LEVEL
from avenant.check.rules.broken_reference import RULE as BROKEN_REFERENCE
from avenant.check.rules.contests_judgement import RULE as CONTESTS_JUDGEMENT
from avenant.check.rules.contradicts_clause import RULE as CONTRADICTS_CLAUSE
from avenant.check.rules.dangling_reference import RULE as DANGLING_REFERENCE
from avenant.check.rules.defined_term import RULE as DEFINED_TERM
from avenant.check.rules.disguised_name import RULE as DISGUISED_NAME
from avenant.check.rules.duplicate_id import RULE as DUPLICATE_ID
from avenant.check.rules.duplicate_scenario import RULE as DUPLICATE_SCENARIO
from avenant.check.rules.empty_section import RULE as EMPTY_SECTION
from avenant.check.rules.few_families import RULE as FEW_FAMILIES
from avenant.check.rules.heading_form import RULE as HEADING_FORM
from avenant.check.rules.heading_level import RULE as HEADING_LEVEL
from avenant.check.rules.hidden_character import RULE as HIDDEN_CHARACTER
from avenant.check.rules.missing_authority import RULE as MISSING_AUTHORITY
from avenant.check.rules.missing_canary import RULE as MISSING_CANARY
from avenant.check.rules.missing_rubric import RULE as MISSING_RUBRIC
from avenant.check.rules.model_name import RULE as MODEL_NAME
from avenant.check.rules.name_in_file_name import RULE as NAME_IN_FILE_NAME
from avenant.check.rules.no_condition import RULE as NO_CONDITION
from avenant.check.rules.no_conduct import RULE as NO_CONDUCT
from avenant.check.rules.no_given_name import RULE as NO_GIVEN_NAME
from avenant.check.rules.no_reason import RULE as NO_REASON
from avenant.check.rules.no_side_effects import RULE as NO_SIDE_EFFECTS
from avenant.check.rules.no_target import RULE as NO_TARGET
from avenant.check.rules.none_held_out import RULE as NONE_HELD_OUT
from avenant.check.rules.off_audience import RULE as OFF_AUDIENCE
from avenant.check.rules.other_amendment import RULE as OTHER_AMENDMENT
from avenant.check.rules.other_mood import RULE as OTHER_MOOD
from avenant.check.rules.other_person import RULE as OTHER_PERSON
from avenant.check.rules.other_placeholder import RULE as OTHER_PLACEHOLDER
from avenant.check.rules.other_spelling import RULE as OTHER_SPELLING
from avenant.check.rules.partly_held_out import RULE as PARTLY_HELD_OUT
from avenant.check.rules.quotes_passage import RULE as QUOTES_PASSAGE
from avenant.check.rules.repeats_clause import RULE as REPEATS_CLAUSE
from avenant.check.rules.slight_typography import RULE as SLIGHT_TYPOGRAPHY
from avenant.check.rules.small_family import RULE as SMALL_FAMILY
from avenant.check.rules.stale_release import RULE as STALE_RELEASE
from avenant.check.rules.too_long import RULE as TOO_LONG
from avenant.check.rules.two_ideas import RULE as TWO_IDEAS
from avenant.check.rules.typography import RULE as TYPOGRAPHY
from avenant.check.rules.unlike_replies import RULE as UNLIKE_REPLIES
from avenant.check.rules.unsafe_placeholder import RULE as UNSAFE_PLACEHOLDER
from avenant.check.rules.unstated_authority import RULE as UNSTATED_AUTHORITY

INVALID_FORMAT = invalid_format.RULE
"""Found where a file is read, by no function of its own."""
BAD_SWITCH = bad_switch.RULE
"""Found where comments turn rules off."""
PROSE = prose.RULE
"""Found by Vale, where it is asked."""
UNREAD_FILE = unread_file.RULE
"""Found where a folder is scanned."""

RULES: tuple[Rule, ...] = (
    INVALID_FORMAT,
    BAD_SWITCH,
    # Poisoning
    MODEL_NAME,
    DISGUISED_NAME,
    NAME_IN_FILE_NAME,
    HIDDEN_CHARACTER,
    UNSAFE_PLACEHOLDER,
    OTHER_PLACEHOLDER,
    NO_GIVEN_NAME,
    MISSING_CANARY,
    UNREAD_FILE,
    # Anchoring
    ANCHOR,
    STALE_RELEASE,
    # Form
    EMPTY_SECTION,
    OTHER_PERSON,
    OTHER_MOOD,
    TYPOGRAPHY,
    SLIGHT_TYPOGRAPHY,
    OTHER_SPELLING,
    DEFINED_TERM,
    TOO_LONG,
    HEADING_LEVEL,
    HEADING_FORM,
    DUPLICATE_ID,
    AUTHORITY_LEVEL,
    MISSING_AUTHORITY,
    AUTHORITY_CLAIM,
    UNSTATED_AUTHORITY,
    BROKEN_REFERENCE,
    DANGLING_REFERENCE,
    PROSE,
    # Substance
    NO_CONDITION,
    NO_CONDUCT,
    NO_REASON,
    ABSOLUTE_WORD,
    OFF_AUDIENCE,
    TWO_IDEAS,
    REPEATS_CLAUSE,
    CONTRADICTS_CLAUSE,
    # Settled judgement
    CONTESTS_JUDGEMENT,
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
