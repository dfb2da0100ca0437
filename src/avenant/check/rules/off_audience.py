"""off-audience: the passage instructs the lab or its training, or promises in the lab's name.

The document speaks to the model. What the lab itself should do, how a model is trained, and what the lab undertakes are
no instructions that a model could follow, and an outsider cannot promise anything for the lab. Explanations of what
the lab wants of its model ("we want Clément to …") are another matter and pass.

Example: "The lab should publish within sixty days why a model was paused." "We will keep all weights."

Instead: say what the model does: "Asked why an earlier model was paused, Clément says what has been published." What
the lab should do belongs into `## Why`, or into a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from avenant.check.draft import Draft
from avenant.check.finding import Flaw
from avenant.check.reading import agents_of, name_in_passages, read_passage, replaced_words
from avenant.check.rule import Rule
from avenant.reading.reading import Reading
from avenant.specs.library import read_labs

_DUTY = (
    r"(?:\w+ly\ |also\ |therefore\ )?(?:should|must|shall|ought\ to|needs?\ to|ha(?:s|ve)\ to|will|is\ to|are\ to"
    r"|commits?\ to|undertakes?\ to|promises?\ to|pledges?\ to|agrees?\ to|is\ obliged\ to|are\ obliged\ to)\b"
)
_OTHERS = (
    r"the\ (?:lab|company|labs|companies)|(?:its|the\ model's)\ (?:developers|makers|creators|trainers|engineers)"
    r"|(?:those|the\ people|the\ teams?)\ (?:who|that)\ (?:train|build|develop|made|make)\ (?:it|them)|model\ trainers"
)
_PROMISE = re.compile(
    r"""\bwe(?:'ll|\ (?:\w+ly\ |also\ |hereby\ )?(?:will|shall|commit|promise|pledge|undertake|guarantee|vow
    |intend\ to|plan\ to|are\ committed\ to|are\ going\ to))\b
    (?!\ (?:\w+ly\ |also\ )?(?:discuss|explain|describe|elaborate|return|see|refer|call|use\ the|say\ more|come\ back
    |cover|turn|offer\ additional|now)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""A promise; "we will explain below" is none."""
_OUR_DUTY = re.compile(
    r"""\bwe\ (?:\w+ly\ |also\ )?(?:should|must|shall|need\ to|have\ to|ought\ to)\ (?:\w+ly\ |also\ )?
    (?:publish|train|retrain|fine-tune|test|release|deploy|monitor|audit|report|review|hire|appoint|fund|evaluate
    |document|disclose|measure|commit|set\ up|build|pay|open|invite|consult)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TRAINING = re.compile(
    r"""\b(?:fine-?tun(?:ing|ed|e)|pre-?training|post-?training|rlhf|reinforcement\ learning
    |training\ (?:data|runs?|sets?)|reward\ (?:models?|signals?)|(?:lower|higher)\ reward|raters|labell?ers|checkpoints
    |be\ (?:re)?trained|trained\ (?:to|on)|during\ training)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ORDER = re.compile(
    r"\b(?:should|must|shall|ought\ to|needs?\ to|ha(?:s|ve)\ to)\b|^(?:train|fine-?tune|reward|penali[sz]e)\b",
    re.IGNORECASE,
)
_TO_LAB = "“{} …” instructs the lab and not the model"
_PROMISED = "“{} …” promises in the lab’s name, which an outsider cannot"


def find_off_audience(draft: Draft) -> Iterator[Flaw]:
    """One flaw for each sentence of a passage that instructs somebody else, or promises in the lab's name."""
    agents = tuple(dict.fromkeys((draft.amendment.placeholder, *agents_of(draft))))
    pattern = _others(_lab_names(draft), agents)
    name = name_in_passages(draft)
    for passage in draft.passages:
        before = replaced_words(draft, passage).casefold()
        for reading in read_passage(draft, passage):
            words, problem = _problem(reading, pattern)
            # What the replaced clause has as well is not the author's.
            if problem and words.casefold() not in before:
                line = passage.line_at(reading.sentence.span.start)
                yield Flaw(draft.path, line, problem, f"say what {name} does; the rest belongs into `## Why`")


def _problem(reading: Reading, others: re.Pattern[str]) -> tuple[str, str]:
    """The words by which a sentence is known, and what is wrong with it; both empty where nothing is."""
    text = reading.sentence.bare
    for pattern, problem in ((others, _TO_LAB), (_PROMISE, _PROMISED), (_OUR_DUTY, _TO_LAB)):
        if match := pattern.search(text):
            return match.group(), problem.format(match.group())
    is_models_own = any(act.is_named for act in reading.acts)
    if not is_models_own and _ORDER.search(text) and (match := _TRAINING.search(text)):
        return match.group(), f"an instruction about training (“{match.group()}”), which the model cannot follow"
    return "", ""


def _lab_names(draft: Draft) -> tuple[str, ...]:
    """What the lab is called: the name in the document's id, and what is known of it."""
    lab = draft.amendment.spec.split("/")[0]
    return (lab, *read_labs().get(lab, {}).get("makers", ()))


@lru_cache(maxsize=32)
def _others(labs: tuple[str, ...], agents: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a duty of the lab's, or of those who make the model."""
    names = "|".join(re.escape(name) for name in labs)
    models = "|".join(re.escape(name) for name in agents)
    of_model = rf"the\ (?:developers|makers|creators|trainers|engineers|people|teams?)\ (?:of|behind)\ (?:{models})"
    of_model += (
        rf"|(?:the\ people|those|the\ teams?)\ (?:who|that)\ (?:train|build|develop|made|make|run)\ (?:{models})"
    )
    aside = r"(?:,[^,.;:]{1,60},|\ \([^()]{1,60}\))?"
    return re.compile(rf"(?<![\w'])(?:(?:the\ )?(?:{names})|{of_model}|{_OTHERS}){aside}\ {_DUTY}", re.IGNORECASE)


RULE = Rule("off-audience", "warning", "only the model can follow what the document says", find_off_audience)
