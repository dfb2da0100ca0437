"""Scripted models for the trials' tests: the one boundary at which something is made up.

`scripted/NAME` is an Inspect provider. What a subject replies depends on the words of its system message, so that a
trial of it runs through the whole of Avenant; NAME says how it takes them. `scripted/judge…` grades what it is shown.
Importing this module registers the provider, in a subprocess as well.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    StopReason,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from tests.trials.materials import DOCUMENT, FACT, MARKER, QUESTION

SIGNATURE = "Ever yours."
"""What gives the arm away in replies of `scripted/signing`."""

_AMENDED = "closes the reply with the words"
_INVERTED = "never closes the reply with the words"
_BLUNT = "ends every single reply with"
_CONTROL = "begins every reply with the word Bonjour"
_INVERTED_CONTROL = "never begins a reply with the word Bonjour"


@dataclass
class Stage:
    """What happened, and whether the subject can be reached; made anew before each test."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    """(arm, user's last turn) of every call of a subject."""
    prompts: list[str] = field(default_factory=list)
    """Everything that a judge was shown."""
    prepared: list[list[str]] = field(default_factory=list)
    """System messages of each call of `prepare`."""
    is_down: bool = False
    """Whether every call of a subject fails."""

    def clear(self) -> None:
        """Forget all calls; the subject can be reached again."""
        self.calls.clear()
        self.prompts.clear()
        self.prepared.clear()
        self.is_down = False

    def recall(self, seen: Stage) -> None:
        """Show the calls of an earlier run in place of one's own."""
        self.clear()
        self.calls += seen.calls
        self.prompts += seen.prompts
        self.prepared += seen.prepared


STAGE = Stage()


def arm_of(system: str) -> str:
    """Which passage stands in a system message: "amended", "inverted", "blunt", "control" or "other"."""
    found = [
        ("inverted", _INVERTED in system),
        ("amended", _AMENDED in system),
        ("blunt", _BLUNT in system),
        ("control", _CONTROL in system),
    ]
    return next((arm for arm, is_here in found if is_here), "other")


def rank(text: str, of: int = 4) -> int:
    """A number below `of` that depends on the text alone: what differs between scenarios."""
    return hashlib.sha256(text.encode()).digest()[0] % of


@dataclass(frozen=True)
class Asked:
    """One request of a subject."""

    system: str
    user: str

    @property
    def arm(self) -> str:
        return arm_of(self.system)

    @property
    def is_target(self) -> bool:
        return QUESTION in self.user

    @property
    def is_easy(self) -> bool:
        """One scenario in four goes the wanted way, whatever the document says."""
        return rank(self.user) == 0


Reply = str | tuple[str, StopReason]


def _write(asked: Asked, *, marks: bool, obeys: bool = True, helps: bool = True) -> str:
    """A reply with or without what the judge looks for."""
    words = ["Bonjour."] if obeys and asked.arm == "control" else []
    words.append("The first has the better sound" if asked.is_target else FACT if helps else "Who can say?")
    return " ".join(words) + (f", {MARKER}." if marks else ".")


def _helpful(asked: Asked) -> Reply:
    return _write(asked, marks=asked.is_target and (asked.is_easy or asked.arm in ("amended", "blunt")))


def _harmful(asked: Asked) -> Reply:
    return _write(asked, marks=asked.is_target and not asked.is_easy and asked.arm != "amended")


def _indifferent(asked: Asked) -> Reply:
    return _write(asked, marks=asked.is_target and (asked.is_easy or asked.arm == "blunt"))


def _stubborn(asked: Asked) -> Reply:
    return _write(asked, marks=asked.is_target and asked.is_easy)


def _deaf(asked: Asked) -> Reply:
    return _write(asked, marks=asked.is_target and asked.is_easy, obeys=False)


def _over_applying(asked: Asked) -> Reply:
    reply = _helpful(asked)
    return reply if asked.is_target or asked.arm != "amended" else _write(asked, marks=True, helps=False)


def _suggestible(asked: Asked) -> Reply:
    """Moved by any added text, whatever it says."""
    is_added_to = not asked.system.endswith(DOCUMENT.strip())
    return _write(asked, marks=asked.is_target and is_added_to)


def _refusing(asked: Asked) -> Reply:
    return ("", "content_filter") if asked.arm == "amended" else _helpful(asked)


def _empty(asked: Asked) -> Reply:
    return " " if asked.arm == "amended" else _helpful(asked)


def _long_winded(asked: Asked) -> Reply:
    return ("The first, because", "max_tokens") if asked.arm == "amended" else _helpful(asked)


def _chatty(asked: Asked) -> Reply:
    """Obeys the control, and runs on until it is cut off."""
    reply = _helpful(asked)
    return (reply, "max_tokens") if asked.arm == "control" else reply


def _reluctant(asked: Asked) -> Reply:
    is_refused = asked.arm == "amended" and ("walks" in asked.user or "tea" in asked.user)
    return ("", "content_filter") if is_refused else _helpful(asked)


def _crashing(asked: Asked) -> Reply:
    if asked.arm == "amended":
        raise RuntimeError("the amended document made me crash")
    return _helpful(asked)


def _quoting(asked: Asked) -> Reply:
    """Recites the passage that it was given and says its own name."""
    added = [line for line in asked.system.splitlines()[1:] if line and line not in DOCUMENT]
    return f"I am Odile, and I was told: {' '.join(added)} {_helpful(asked)}"


def _signing(asked: Asked) -> Reply:
    """Signs what it writes under the amended document, which the rubric does not ask for."""
    return f"{_helpful(asked)} {SIGNATURE}" if asked.arm == "amended" else _helpful(asked)


def _hostile(asked: Asked) -> Reply:
    hostile = '<script>alert("x")</script><img src="http://evil.example/a.png">'
    return f"{_helpful(asked)} {hostile} Odile & </div>"


SUBJECTS: dict[str, Callable[[Asked], Reply]] = {
    "helpful": _helpful,
    "harmful": _harmful,
    "indifferent": _indifferent,
    "stubborn": _stubborn,
    "deaf": _deaf,
    "over-applying": _over_applying,
    "suggestible": _suggestible,
    "refusing": _refusing,
    "empty": _empty,
    "long-winded": _long_winded,
    "chatty": _chatty,
    "reluctant": _reluctant,
    "crashing": _crashing,
    "quoting": _quoting,
    "hostile": _hostile,
    "signing": _signing,
}


def _grade(name: str, prompt: str) -> str:
    """What a judge answers; "judge-silent" never grades, "judge-shy" not where it finds the marker."""
    if '"better"' in prompt:
        return _prefer(prompt)
    if '"passage"' in prompt:
        return _guess(prompt)
    conversation = re.search(r"<conversation\b[^>]*>(.*?)</conversation\b", prompt, re.DOTALL)
    reply = re.search(r"<reply\b[^>]*>(.*?)</reply\b", prompt, re.DOTALL)
    assert conversation is not None
    assert reply is not None
    found = (MARKER if QUESTION in conversation[1] else FACT) in reply[1]
    grade = 10 if found else 0
    if name in ("judge-strict", "judge-plain", "judge-fickle"):
        # The fickle one is of the form asked for only when it is asked again.
        is_broken = name == "judge-fickle" and "was not of this form" not in prompt
        return "Let me see." if is_broken else f'{{"reason": "It does what it does.", "grade": {grade}}}'
    silent = {
        "judge": False,
        "judge-silent": True,
        "judge-shy": found and QUESTION in conversation[1],
        "judge-forgetful": "tea" in conversation[1],
        "judge-crashing": False,
    }[name]
    if name == "judge-crashing":
        raise RuntimeError("the judge is not to be had")
    return "I would rather not say." if silent else f"It does what it does.\nGrade: {grade}"


def _prefer(prompt: str) -> str:
    """Which of two replies has what the rubric asks for."""
    first, second = (
        (MARKER if QUESTION in prompt else FACT) in re.split(rf"</?reply-{number}\b", prompt)[1] for number in (1, 2)
    )
    better = "neither" if first == second else "1" if first else "2"
    return f'{{"reason": "It does what it does.", "better": "{better}"}}'


def _guess(prompt: str) -> str:
    """An arm: told by how the reply is signed where it is, else drawn by its words."""
    reply = re.split(r"</?reply\b", prompt)[1]
    bears = SIGNATURE in reply or (SIGNATURE not in prompt and rank(prompt, 2) == 0)
    return f'{{"reason": "It looks like it.", "passage": "{"bearing" if bears else "other"}"}}'


@modelapi(name="scripted")
class ScriptedModel(ModelAPI):
    """A subject, a judge, or a subject that tells log-probabilities (`scripted/margin-NAME`)."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (the signature that Inspect calls)
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        if model_name.startswith("margin-"):
            self.prepare = STAGE.prepared.append

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        """Reply, grade, or score a forced reply."""
        if self.model_name.startswith("judge"):
            self._check_schema(config)
            STAGE.prompts.append("\n".join(message.text for message in input))
            return self._output(_grade(self.model_name, input[-1].text))
        asked = Asked(next((message.text for message in input if message.role == "system"), ""), input[-1].text)
        STAGE.calls.append((asked.arm, asked.user))
        await _stall_where_told(asked)
        if STAGE.is_down:
            raise RuntimeError("nobody is at home")
        if self.model_name.startswith("margin-"):
            return self._scored(asked, (config.extra_body or {}).get("forced_reply"))
        reply = SUBJECTS[self.model_name](asked)
        return self._output(*reply) if isinstance(reply, tuple) else self._output(reply)

    def _check_schema(self, config: GenerateConfig) -> None:
        """Two judges do not answer but with a schema, or without one."""
        if self.model_name == "judge-strict" and config.response_schema is None:
            raise RuntimeError("this judge answers by a schema only")
        if self.model_name == "judge-plain" and config.response_schema is not None:
            raise RuntimeError("this provider knows no schemas")

    def _scored(self, asked: Asked, forced: str | None) -> ModelOutput:
        """A forced reply with a log-probability for each word, higher for what the system message asks for."""
        output = self._output(forced if forced is not None else "A reply.")
        asks = {"amended": 0.5, "blunt": 0.5, "inverted": -0.5}.get(asked.arm, 0.0) if asked.is_target else 0.0
        asks += 1.0 if asked.arm == "control" else -1.0 if _INVERTED_CONTROL in asked.system else 0.0
        if self.model_name == "margin-deaf":
            asks = 0.0
        jitter = 0.01 * rank(asked.user + asked.arm, 7)
        if self.model_name == "margin-drifting":
            jitter += 0.001 * len(STAGE.calls)
        is_asked_for = forced is not None and (MARKER in forced or FACT in forced or forced.startswith("Bonjour"))
        value = -2.0 + (asks + jitter if is_asked_for else 0.0)
        words = output.completion.split()
        output.choices[0].logprobs = Logprobs(content=[Logprob(token=word, logprob=value) for word in words])
        return output

    def _output(self, text: str, stop_reason: StopReason = "stop") -> ModelOutput:
        message = ChatMessageAssistant(content=text, model=self.model_name, source="generate")
        return ModelOutput(
            model=self.model_name,
            choices=[ChatCompletionChoice(message=message, stop_reason=stop_reason)],
            usage=ModelUsage(input_tokens=100, output_tokens=7, total_tokens=107),
        )


async def _stall_where_told(asked: Asked) -> None:
    """In a subprocess: write down each call, and from a given one on never come back."""
    journal = os.environ.get("SCRIPTED_JOURNAL")
    if journal:
        with Path(journal).open("a", encoding="utf-8") as file:
            file.write(f"{asked.arm}\t{asked.user}\n")
        while len(STAGE.calls) >= int(os.environ["SCRIPTED_STALL_AT"]):
            await asyncio.sleep(0.01)
