"""The releases in a workspace: a document byte for byte, and a manifest beside it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from avenant.errors import FormatError, SpecError
from avenant.files import decode_text, read_bytes, read_toml, sha256_text, write_bytes, write_toml
from avenant.specs.document import Document
from avenant.specs.parse import parse_document
from avenant.text import fold_words

SPEC_ID = re.compile(r"[a-z0-9][a-z0-9_-]*/[A-Za-z0-9][A-Za-z0-9._-]*")


Need = Literal["capital", "capital_inside", "company"]
"""What a name that means something else as well must show to be a model's; `labs.toml` says what each asks for."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of one release; kept as TOML beside the document."""

    title: str
    """The document's name: what is known of the lab's, else its first heading."""
    subject: str
    """What the document calls its model; replaces the placeholder on delivery ("Claude", "the assistant")."""
    names: tuple[str, ...]
    """Names of the lab's models, families and products, none of which may stand in a draft."""
    licence: str
    """SPDX id or words; "unknown" where nobody said."""
    source: str
    """The path or address that it was taken from."""
    sha256: str
    """Of the document's bytes."""
    added: str
    """ISO date."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One lab's document in one version, with its manifest."""

    id: str
    """`lab/version`."""
    path: Path
    manifest: Manifest
    document: Document

    @property
    def model_names(self) -> tuple[str, ...]:
        """All names that a draft must not carry; "the assistant" is no name."""
        own = () if self.manifest.subject.startswith("the ") else (self.manifest.subject,)
        return tuple(dict.fromkeys((*own, *self.manifest.names)))

    @property
    def agents(self) -> tuple[str, ...]:
        """What the document calls its model; one whose model has no name of its own says "the model" as well."""
        subject = self.manifest.subject
        generic = ("the model",) if subject[:1].islower() else ()
        return tuple(dict.fromkeys((subject, *self.model_names, *generic)))


def add_spec(
    specs: Path,
    raw: bytes,
    spec_id: str,
    *,
    source: str,
    licence: str = "unknown",
    subject: str | None = None,
    names: tuple[str, ...] = (),
    today: dt.date | None = None,
) -> Spec:
    """Take a document in, byte for byte.

    Args:
        specs: the workspace's folder of documents.
        raw: the document as published.
        spec_id: `lab/version`.
        source: where it came from, for the manifest.
        licence: as published with it.
        subject: what the document calls its model; default: what is known of the lab.
        names: further names of the lab's models.
        today: the date for the manifest; default: today.

    Raises:
        SpecError: a malformed id, a lab that is not known without `subject`, or other contents under the same id.
        FormatError: not UTF-8 text, or empty.
    """
    if not SPEC_ID.fullmatch(spec_id):
        raise SpecError(f"{spec_id!r} is not of the form lab/version", mend="for example: --as anthropic/2026-01-20")
    # An address is no path: it would lose one of its two slashes.
    place = None if "://" in source else Path(source)
    text = decode_text(raw, place)
    if not text.strip():
        prefix = f"{source}: " if place is None else ""
        raise FormatError(f"{prefix}the document is empty", path=place, mend="check the file or the address")
    names = tuple(name.strip() for name in names if name.strip())
    known = read_labs().get(spec_id.split("/")[0], {})
    subject = subject or known.get("subject")
    if subject is None:
        raise SpecError(
            f"the lab {spec_id.split('/')[0]!r} is not known here",
            mend="say what the document calls its model: --subject NAME (and --name for each other model name)",
        )
    path = specs / f"{spec_id}.md"
    if path.exists() and read_bytes(path) == raw and _manifest_path(path).exists():
        return read_spec(specs, spec_id)
    if path.exists() and read_bytes(path) != raw:
        raise SpecError(
            f"{spec_id} is here already with other contents",
            mend="give the new release its own version: --as lab/version",
        )
    document = _parse_once(text, spec_id)
    manifest = Manifest(
        title=known.get("title") or next((s.title for s in document.sections if s.title), spec_id),
        subject=subject,
        names=tuple(dict.fromkeys((*names, *_names_to_mask(known)))),
        licence=licence.strip() or "unknown",
        source=source,
        sha256=sha256_text(text),
        added=(today or dt.date.today()).isoformat(),
    )
    write_bytes(path, raw)
    write_toml(
        _manifest_path(path),
        dataclasses.asdict(manifest) | {"names": list(manifest.names)},
    )
    return Spec(spec_id, path, manifest, document)


def _names_to_mask(known: dict[str, Any]) -> list[str]:
    # A name that only its company tells from a word ("Whisper") would be masked where it is the word.
    return [name for name in known.get("names", ()) if name not in known.get("company", ())]


def read_spec(specs: Path, spec_id: str) -> Spec:
    """Read one release and make sure that it is the one that was taken in.

    Raises:
        SpecError: there is none of this id, or the file changed behind its hash.
        FormatError: the manifest is not valid.
    """
    path = specs / f"{spec_id}.md"
    if not SPEC_ID.fullmatch(spec_id) or not path.is_file():
        known = ", ".join(list_spec_ids(specs)) or "none yet; `avenant spec add FILE --as lab/version` takes one in"
        raise SpecError(f"there is no document {spec_id!r} in this workspace", mend=f"documents here: {known}")
    manifest = read_manifest(_manifest_path(path))
    text = decode_text(read_bytes(path), path)
    if sha256_text(text) != manifest.sha256:
        raise SpecError(
            f"{spec_id} changed since it was taken in (its sha256 is not the manifest's)",
            path=path,
            mend="restore it from git, or take the new text in under its own version with `avenant spec add`",
        )
    return Spec(spec_id, path, manifest, _parse_once(text, spec_id))


@lru_cache(maxsize=32)
def _parse_once(text: str, spec_id: str) -> Document:
    """A command that asks for a document again gets the one that it has."""
    return parse_document(text, spec_id)


def list_spec_ids(specs: Path) -> list[str]:
    """Ids of all releases in the workspace, by lab, older releases first."""
    return sorted((f"{path.parent.name}/{path.name[:-3]}" for path in specs.glob("*/*.md")), key=release_order)


def release_order(spec_id: str) -> list[tuple[bool, int, str]]:
    """What releases are sorted by: the numbers in a version as numbers, so that v10 comes after v9."""
    parts = re.findall(r"\d+|\D+", spec_id)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]


def list_releases(specs: Path, lab: str) -> list[str]:
    """Ids of a lab's releases in the workspace, older ones first.

    Raises:
        SpecError: there are none.
    """
    ids = list_spec_ids(specs)
    found = [one for one in ids if one.split("/")[0] == lab]
    if not found:
        labs = ", ".join(dict.fromkeys(one.split("/")[0] for one in ids)) or "none yet"
        raise SpecError(
            f"there is no release of {lab!r} in this workspace",
            mend=f"labs here: {labs}; `avenant spec add FILE --as {lab}/version` takes one in",
        )
    return found


def newer_releases(specs: Path, spec_id: str) -> list[str]:
    """Ids of the same lab's releases after this one, older ones first."""
    lab = spec_id.split("/")[0]
    return [one for one in list_releases(specs, lab) if release_order(one) > release_order(spec_id)]


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; every key must be there and no other."""
    data = read_toml(path)
    fields = {field.name for field in dataclasses.fields(Manifest)}
    if wrong := fields.symmetric_difference(data):
        raise FormatError(
            f"keys missing or unknown: {', '.join(sorted(wrong))}",
            path=path,
            mend=f"a manifest has exactly: {', '.join(sorted(fields))}",
        )
    names = data["names"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise FormatError("names must be a list of texts", path=path, mend='for example: names = ["Odile"]')
    if bad := [key for key in sorted(fields - {"names"}) if not isinstance(data[key], str) or not data[key]]:
        raise FormatError(f"{bad[0]} must be a text and not empty", path=path, mend="fill it in, in quotes")
    return Manifest(**(data | {"names": tuple(names)}))


def _manifest_path(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".md") + ".toml")


@lru_cache(maxsize=1)
def read_labs() -> dict[str, dict[str, Any]]:
    """What the package knows of labs: subject and names, by lab id."""
    text = (resources.files("avenant.specs") / "labs.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def guess_spec_id(source: str, raw: bytes) -> str | None:
    """`lab/version` where the address and the title leave no doubt, else None."""
    start = raw[:400].decode("utf-8", "replace").strip()
    head = fold_words(start.split("\n")[0])
    dated = re.findall(r"\d{4}-\d{2}-\d{2}(?:\.r\d+)?", source)
    if not dated:
        return None
    for lab, known in read_labs().items():
        if "subject" in known and (known["subject"] in head or f"/{lab}/" in f"/{source}"):
            return f"{lab}/{dated[-1]}"
    return f"openai/{dated[-1]}" if "Model Spec" in start else None


def known_model_names() -> tuple[str, ...]:
    """Names of all models of all labs that the package knows, without "the assistant"."""
    labs = read_labs().values()
    return tuple(dict.fromkeys(name for lab in labs for name in lab["names"]))


@lru_cache(maxsize=1)
def known_needs() -> dict[str, Need]:
    """The names that are a word, a person's or a place's as well, with what they need to be a model's."""
    labs = read_labs().values()
    return {name: need for lab in labs for need in get_args(Need) for name in lab.get(need, ())}


def known_makers() -> tuple[str, ...]:
    """What the labs themselves are called."""
    return tuple(dict.fromkeys(maker for lab in read_labs().values() for maker in lab.get("makers", ())))
