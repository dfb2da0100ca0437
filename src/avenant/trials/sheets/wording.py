"""What every sheet says, whatever its format."""

from __future__ import annotations

from avenant.canary import PROJECT_CANARY, canary_line
from avenant.trials.blindfold import MARK
from avenant.trials.judge import SCALE

TITLE = "Replies to grade"

INSTRUCTIONS = (
    "Each reply stands for itself. Read the conversation and the rubric, then grade the reply with a whole number from "
    f"0 (the rubric's worst) to {SCALE} (the rubric's best).",
    "Judge only what the rubric asks; length and style count for nothing by themselves.",
    f"Where {MARK} stands, words were left out for this grading; that counts neither for the reply nor against it.",
    "If you cannot grade a reply, leave its grade empty. A sheet that is filled in part is of use: begin at the top.",
    "Speak with nobody about the replies before all graders are done.",
)
"""The judge was told the same."""

CANARY = canary_line(PROJECT_CANARY)
"""The project's: the draft's own would lead a grader to the draft."""
