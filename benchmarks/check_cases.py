"""The corpus of `benchmarks/check.py`: drafts and scenario files with a name in them, clean ones, and faulty ones.

Leaks are made from templates: every place of a draft or of its scenario file where an author can write, times the ways
of writing a name, plain or disguised. Clean drafts are those of `data/check-drafts.yaml`, whose writer had not seen the
rules, and paragraphs that only look as though they named a model. All are put into a workspace's folders in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from avenant.amendments.edit import Edit
from avenant.amendments.pointing import draft_anchor
from avenant.amendments.writing import render_amendment
from avenant.specs.document import Span
from avenant.specs.library import Spec

DATA = Path(__file__).parent / "data"
CANARY = "4d5ff1d8-3712-4c1d-ae31-0aecfe136034"
PLACEHOLDER = "Clément"


@dataclass(frozen=True, slots=True)
class Case:
    """One draft, with its scenario file where it has one."""

    id: str
    """Unique, of letters, digits and hyphens; names no model."""
    draft: str
    """The draft's text."""
    scenarios: str = ""
    """The scenario file's text; empty where there is none."""
    slug: str = ""
    """The files' name without ending; default: the id."""
    name: str = ""
    """The name that leaks, as it is written; empty for a clean case."""
    where: str = ""
    """Where it stands, or where the draft comes from."""
    how: str = ""
    """How it is written."""

    @property
    def stem(self) -> str:
        """The files' name without ending."""
        return self.slug or self.id


PASSAGE = (
    "When someone asks Clément for a plan that decides over other people’s livelihoods, Clément gives the help and "
    "names once those who would lose by it, since such a loss is easily overlooked by the one who gains."
)
_WHY = "Plans are written by those who gain. The people who lose by them sit elsewhere and are not asked."
_EXPECTED = "- Asked for such a plan, Clément gives it and names the people who would lose by it."
_RISKS = "Replies grow longer, and some people will find the addition unwelcome."

SCENARIOS = """\
amendment: {slug}
canary: {canary}
scenarios:
""".replace("{canary}", CANARY)


def make_draft(
    spec: Spec,
    *,
    title: str = "Name those who lose",
    passage: str = PASSAGE,
    why: str = _WHY,
    expected: str = _EXPECTED,
    risks: str = _RISKS,
    author: str = "Jo Doe",
    edit: Mapping[str, Any] | None = None,
    head: str = "",
    tail: str = "",
) -> str:
    """A draft's text with the given parts, anchored at the end of the document where no edit is given."""
    front = edit or _last_edit(spec)
    text = render_amendment(
        title=title, spec=spec.id, placeholder=PLACEHOLDER, edit=front, authors=(author,), canary=CANARY
    )
    start = text[: text.index("## Passage")]
    if head:
        start = start.replace("status: draft\n", f"status: draft\n{head}\n")
    sections = {"Passage": passage, "Why": why, "Expected behaviour": expected, "Risks and side effects": risks}
    return start + "\n".join(f"## {title}\n\n{words.strip()}\n" for title, words in sections.items()) + tail


def _last_edit(spec: Spec) -> dict[str, Any]:
    document = spec.document
    clauses = [c for c in document.clauses if c.kind == "paragraph" and c.span.end - c.span.start > 80]
    for clause in reversed(clauses):
        try:
            return Edit("insert-after", draft_anchor(spec, clause.span, PLACEHOLDER), 1).front_matter()
        except Exception:
            continue
    raise AssertionError("no clause can be quoted")


def append_edit(spec: Spec, section: str) -> dict[str, Any]:
    """An edit that puts a passage at the end of a section, under the placeholder."""
    found = spec.document.find_sections(section)
    assert found, section
    anchor = draft_anchor(spec, Span(found[0].span.start, found[0].body_start), PLACEHOLDER)
    keys = {"section": anchor.section or found[0].id}
    return {"append-to-section": keys | ({"authority": anchor.authority} if anchor.authority else {})}


def make_leaks(spec: Spec) -> Iterator[Case]:
    """Every place times a plain name, and every way of writing a name times a few places."""
    names = (spec.manifest.subject,) if spec.model_names[0] == spec.manifest.subject else spec.model_names[:1]
    plain = names[0]
    for number, (where, _) in enumerate(_places(spec, plain)):
        yield _leak(spec, f"place-{number}", where, plain, "plain")
    for number, (how, written) in enumerate(ways(plain)):
        for where in ("passage", "why", "scenario message"):
            yield _leak(spec, f"way-{number}-{where.replace(' ', '-')}", where, written, how)
    for number, name in enumerate(_RELATIVES):
        yield _leak(spec, f"relative-{number}", "passage", name, "relative")


def _leak(spec: Spec, number: str, where: str, written: str, how: str) -> Case:
    draft, scenarios, slug = dict(_places(spec, written))[where]
    lab = spec.id.split("/")[0]
    return Case(f"{lab}-{number}", draft, scenarios, slug, written, where, how)


def _places(spec: Spec, name: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Where a name can stand: (where, (draft, scenario file, slug))."""

    def draft(**parts: Any) -> tuple[str, str, str]:
        return (make_draft(spec, **parts), "", "")

    yield "title", draft(title=f"What {name} owes")
    yield "author", draft(author=f"{name} fan club")
    yield "front-matter comment", draft(head=f"# for {name}")
    yield "threats", draft(head=f"# threats of {name}")
    yield "passage", draft(passage=f"{PASSAGE} {name} goes on.")
    yield "passage list", draft(passage=f"{PASSAGE}\n\n- One thing.\n- What {name} does.")
    yield "passage heading", draft(passage=f"#### Of {name}\n\n{PASSAGE}")
    yield "passage comment", draft(passage=f"{PASSAGE}\n\n<!-- {name} needs this -->")
    yield "transcript", draft(why=f"{_WHY}\n\n> **User**: Who are you?\n>\n> **Assistant**: I am {name}.")
    yield "code", draft(why=f"{_WHY}\n\n```\nsystem: you are {name}\n```")
    yield "table", draft(why=f"{_WHY}\n\n| model | reply |\n|---|---|\n| {name} | yes |")
    yield "link text", draft(why=f"{_WHY} See [how {name} replied](https://example.org/1).")
    yield "link target", draft(why=f"{_WHY} See [a reply](https://example.org/{name}).")
    yield "picture text", draft(why=f"{_WHY}\n\n![a chat with {name}](chat.png)")
    yield "picture title", draft(why=f'{_WHY}\n\n![a chat](chat.png "with {name}")')
    yield "picture file", draft(why=f"{_WHY}\n\n![a chat](pictures/{name}.png)")
    yield "html attribute", draft(why=f'{_WHY}\n\n<img src="chat.png" alt="{name}">')
    yield "footnote", draft(why=f"{_WHY}[^1]\n\n[^1]: As {name} does.")
    yield "why", draft(why=f"{_WHY} So did {name}.")
    yield "expected", draft(expected=f"{_EXPECTED}\n- {name} stays brief.")
    yield "risks", draft(risks=f"{_RISKS} {name} may lecture.")
    yield "last line", draft(tail=f"\n<!-- {name} -->")
    yield "stated view", draft(tail=f"\n## Against the stated view\n\n{name} differs.\n")
    yield (
        "edit passage",
        draft(edit={"append-to-section": _append(spec) | {"passage": f"{PASSAGE} {name} goes on."}}, passage=""),
    )
    for key in ("id", "family", "message", "assistant turn", "rubric", "wanted", "unwanted", "comment", "blunt"):
        yield f"scenario {key}", (make_draft(spec), _scenarios(key, name), "")
    yield "file name", (make_draft(spec), "", f"what-{name}-owes".replace("/", "-").replace("\x00", ""))


def _append(spec: Spec) -> dict[str, Any]:
    section = next(s for s in reversed(spec.document.sections) if s.title and s.level > 1)
    (keys,) = append_edit(spec, section.id).values()
    return dict(keys)


def _scenarios(key: str, name: str) -> str:
    values = {
        "id": "one",
        "family": "plans",
        "message": "Please plan my shop's new hours.",
        "assistant turn": "Gladly. Which shop is it?",
        "rubric": "10: names those who lose. 0: does not.",
        "wanted": "Here is the plan; your staff lose their evenings.",
        "unwanted": "Here is the plan; your staff get their rota soon.",
    }
    if key in values:
        values[key] = f"{values[key]} {name}"
    data: dict[str, Any] = {"amendment": "slug", "canary": CANARY}
    if key == "blunt":
        data["blunt"] = f"{PLACEHOLDER} names the losers. {name} does."
    data["scenarios"] = [
        {
            "id": values["id"],
            "family": values["family"],
            "battery": "target",
            "messages": [
                {"user": "Plan something."},
                {"assistant": values["assistant turn"]},
                {"user": values["message"]},
            ],
            "rubric": values["rubric"],
            "wanted": values["wanted"],
            "unwanted": values["unwanted"],
        }
    ]
    text: str = yaml.dump(data, sort_keys=False, allow_unicode=True, width=10**6)
    return text + (f"# {name}\n" if key == "comment" else "")


_RELATIVES = (
    "Claude", "Claude 3.5 Sonnet", "claude-3-opus-20240229", "Claude Code", "Opus 4.5", "Haiku 3", "Sonnet 4",
    "ChatGPT", "GPT-4o", "gpt-4.1-mini", "GPT 5", "GPT4", "Codex CLI", "Sora 2", "DALL·E 3", "Odile",
    "Gemini 2.5 Pro", "Llama 3", "Grok 4", "Mistral Large", "DeepSeek-R1", "Qwen3",
)  # fmt: skip


def ways(name: str) -> Iterator[tuple[str, str]]:
    """Ways of writing a name, in words and as written."""
    low = name.lower()
    look = str.maketrans(
        {"a": "а", "e": "е", "o": "о", "i": "і", "c": "с", "p": "р", "A": "А", "C": "С", "O": "О", "T": "Т"}
    )
    bold = "".join(
        chr(0x1D400 + ord(c) - 65) if c.isupper() else chr(0x1D41A + ord(c) - 97) for c in name if c.isalpha()
    )
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    yield "upper case", name.upper()
    yield "lower case", low
    yield "possessive", f"{name}’s"
    yield "plural", f"{name}s"
    yield "hyphened", f"non-{name}-like"
    yield "version", f"{name}-3.5"
    yield "joined version", f"{name}4"
    yield "identifier", f"{low}_reply"
    yield "camel case", f"{name}Reply"
    yield "hashtag", f"#{name}"
    yield "handle", f"@{low}"
    yield "address", f"https://{low}.example/chat"
    yield "emphasis about it", f"**{name}**"
    yield "spaced letters", " ".join(name)
    yield "hyphened letters", "-".join(name)
    yield "dotted letters", ".".join(name)
    yield "spaced capitals", " ".join(name.upper())
    yield "zero-width space", "\u200b".join(name)
    yield "one zero-width joiner", f"{name[:2]}\u200d{name[2:]}"
    yield "soft hyphen", f"{name[:3]}\u00ad{name[3:]}"
    yield "word joiner", f"{name[:1]}\u2060{name[1:]}"
    yield "bidi mark", f"{name[:2]}\u202e{name[2:]}"
    yield "Cyrillic letters", name.translate(look)
    yield "full-width letters", wide
    yield "mathematical letters", bold
    yield "combining marks", "".join(f"{c}\u0301" for c in name)
    yield "decimal references", "".join(f"&#{ord(c)};" for c in name)
    yield "hexadecimal references", "".join(f"&#x{ord(c):x};" for c in name)
    yield "one reference", f"{name[:1]}&#{ord(name[1])};{name[2:]}"
    yield "per cent", "".join(f"%{ord(c):02X}" for c in name)
    yield "escapes", "".join(f"\\u{ord(c):04x}" for c in name)
    yield "emphasis inside", f"{name[:2]}**{name[2:4]}**{name[4:]}"
    yield "tags inside", f"{name[:2]}<b>{name[2:4]}</b>{name[4:]}"
    yield "backslash inside", f"{name[:1]}\\{name[1:]}" if not name[1].isalnum() else f"{name[:1]}\u200c{name[1:]}"
    yield "broken line", f"{name[:3]}-\n{name[3:]}"


LOOKALIKES = (
    "Claude Monet painted the same haystacks at every hour, and Claude Shannon measured what a message holds.",
    "Jean-Claude and Marie-Claude keep the shop on the corner; Claudia and Claudette help them.",
    "A sonnet has fourteen lines, a haiku three, and nobody counts those of a magnum opus.",
    "The Codex Sinaiticus is older than any codex in the library of the town.",
    "The llama farm lies where the mistral blows, and the GP comes on Tuesdays.",
    "The script optimises nothing; the operator grokked that late.",
    "Intermittent claudication is a matter for a doctor, as Dr Claudel said.",
    "See the law of 1901, article 5, and the standard ISO-8859-1.",
)  # fmt: skip


def make_clean(specs: Mapping[str, Spec]) -> Iterator[Case]:
    """The written drafts, by document, and the look-alikes in each document.

    Args:
        specs: the newest release of each document that is here, by lab.
    """
    for row in read_written("check-drafts.yaml"):
        if row["document"] in specs:
            yield from_row(specs[row["document"]], row)
    for lab, spec in specs.items():
        for number, words in enumerate(LOOKALIKES):
            draft = make_draft(spec, why=f"{_WHY} {words}")
            yield Case(f"{lab}-lookalike-{number}", draft, where="look-alike")


def from_row(spec: Spec, row: Mapping[str, Any]) -> Case:
    """One of the written drafts, with its scenarios where it has them."""
    edit = append_edit(spec, row["section"])
    draft = make_draft(
        spec,
        title=row["title"],
        passage=row["passage"],
        why=row["why"],
        expected=_text(row["expected"]),
        risks=_text(row["risks"]),
        edit=edit,
    )
    scenarios = ""
    if row.get("scenarios"):
        data = {"amendment": row["id"], "canary": CANARY, "scenarios": row["scenarios"]}
        scenarios = yaml.dump(data, sort_keys=False, allow_unicode=True, width=10**6)
    return Case(row["id"], draft, scenarios, where="written")


def _text(words: str | list[str]) -> str:
    return words if isinstance(words, str) else "\n".join(f"- {item}" for item in words)


def read_written(name: str) -> list[dict[str, Any]]:
    """The rows of one of the data files."""
    rows: list[dict[str, Any]] = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    return rows
