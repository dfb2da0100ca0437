"""Writing amendment files: a new one, or a few values of one in place.

All else stays byte for byte as it was, but for comments inside an edit that changes.
"""

from __future__ import annotations

import re
import textwrap
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from avenant.amendments.amendment import SECTIONS, Amendment, Status, parse_amendment, split_front_matter
from avenant.amendments.edit import Edit
from avenant.errors import FormatError
from avenant.specs.parse import parse_document
from avenant.text import split_lines

_WIDTH = 100


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: texts of several lines as blocks."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # PyYAML takes a next-line character for a line feed unless it is escaped.
    style = '"' if "\x85" in text else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def render_amendment(
    *,
    title: str,
    spec: str,
    placeholder: str,
    edit: Mapping[str, Mapping[str, Any]],
    threats: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
    canary: str | None = None,
    texts: Mapping[str, str] | None = None,
) -> str:
    """The text of a new amendment file, its four sections ready to fill.

    Args:
        title: one line.
        spec: id of the document.
        placeholder: the name that stands for the model's own.
        edit: one edit as the file has it, such as {"insert-after": {"section": …, "quote": …}}.
        threats: ids of threat models.
        authors: names.
        canary: a GUID; default: a new one.
        texts: what stands under a section in place of the hint at what belongs there, by its title.
    """
    front = {
        "title": title,
        "spec": spec,
        "placeholder": placeholder,
        "threats": list(threats),
        "status": "draft",
        "authors": list(authors),
        "canary": canary or str(uuid.uuid4()),
        "edits": [{action: dict(anchor) for action, anchor in edit.items()}],
    }
    hints = {
        "Passage": f"The words to add, ready to paste, about {placeholder}. Say when, what and why.",
        "Why": "What goes wrong without it, for whom, and why the document does not cover it yet.",
        "Expected behaviour": "What should change in the replies: two or three situations.",
        "Risks and side effects": "Where could it be over-applied, or misused?",
    }
    bodies = {name: f"<!-- {hints[name]} -->" for name in SECTIONS} | dict(texts or {})
    body = "\n".join(f"## {name}\n\n{bodies[name]}\n" for name in SECTIONS)
    return f"---\n{render_yaml(front)}---\n\n{body}"


def rewrite_amendment(
    amendment: Amendment,
    *,
    spec: str | None = None,
    status: Status | None = None,
    edits: Mapping[int, Edit] | None = None,
    passage: str | None = None,
) -> str:
    """The amendment's file with some of its values changed; comments inside an edit that changes go.

    Args:
        amendment: as it was read.
        spec: the new document id.
        status: the new status.
        edits: new edits by number, from 0.
        passage: the new words under `## Passage`; comments there go.

    Raises:
        FormatError: the file is written so that a value cannot be changed in place (YAML aliases), or the passage
            would swallow the sections after it.
    """
    path = amendment.path
    head, body, _ = split_front_matter(amendment.source, path)
    opening = amendment.source[: amendment.source.index("\n") + 1]
    closing = amendment.source[len(opening) + len(head) : len(amendment.source) - len(body)]
    newline = "\r\n" if opening.endswith("\r\n") else "\n"
    changed = _with_values(head, {"spec": spec, "status": status}, edits or {}, newline)
    body = body if passage is None else _with_passage(body, passage, newline)
    rewritten = opening + changed + closing + body
    wanted = [(edits or {}).get(number, edit).front_matter() for number, edit in enumerate(amendment.edits)]
    rest = replace(amendment, spec=spec or amendment.spec, status=status or amendment.status)
    problem = ""
    try:
        again = parse_amendment(rewritten, path)
        is_as_wanted = [edit.front_matter() for edit in again.edits] == wanted and _rest(again) == _rest(rest)
    except FormatError as error:
        is_as_wanted, problem = False, f" ({error.faults[0].problem})"
    if not is_as_wanted:
        raise FormatError(
            f"this file cannot be changed in place{problem}; nothing was written",
            path=path,
            line=1,
            mend="write the edits as plain block lists, without YAML aliases; in a passage close fences and comments, "
            "and begin headings with ###",
        )
    return rewritten


def _rest(amendment: Amendment) -> Amendment:
    """What must not change with the edits and the passage."""
    sections = {title: text for title, text in amendment.sections.items() if title != "Passage"}
    return replace(amendment, edits=(), sections=sections, section_lines={}, source="")


def render_yaml(data: Any) -> str:
    """YAML for people: keys in the given order, letters as they are, texts of several lines as blocks."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def _with_values(head: str, values: Mapping[str, str | None], edits: Mapping[int, Edit], newline: str) -> str:
    root = yaml.compose(head, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    nodes = {str(key.value): value for key, value in root.value}
    splices: list[tuple[int, int, str]] = []
    for key, value in values.items():
        if value is not None:
            start, end = _range(nodes[key], head) if key in nodes else (0, 0)
            splices.append((start, end, value if key in nodes else f"{key}: {value}{newline}"))
    for number, edit in edits.items():
        node = nodes["edits"].value[number]
        start, end = _range(node, head)
        text = render_yaml(edit.front_matter()).rstrip()
        is_flow = nodes["edits"].flow_style or node.flow_style
        if re.match(r"[ \t]+#", head[end:]) and re.search(r": \|\S*$", text, re.MULTILINE):
            # The comment behind the edit would become the last words of a block of lines.
            is_flow = True
        text = _in_one_line(edit) if is_flow else text
        text = textwrap.indent(text, " " * node.start_mark.column).lstrip(" ")
        splices.append((start, end, text.replace("\n", newline)))
    for start, end, text in sorted(splices, reverse=True):
        head = head[:start] + text + head[end:]
    return head


def _range(node: yaml.Node, head: str) -> tuple[int, int]:
    """Where a node's own text stands, without the blank lines and comments after it."""
    start, end = node.start_mark.index, _end(node)
    return start, start + len(head[start:end].rstrip())


def _end(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _in_one_line(edit: Edit) -> str:
    text = yaml.dump(
        edit.front_matter(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9,
        default_flow_style=True,
    )  # fmt: skip
    return str(text).strip()


def _with_passage(body: str, passage: str, newline: str) -> str:
    document = parse_document(body, "amendment/body")
    section = document.find_sections("Passage")[0]
    text = newline + newline.join(split_lines(passage)) + newline
    rest = body[document.subtree(section).end :]
    return body[: section.body_start] + text + (newline + rest if rest else "")
