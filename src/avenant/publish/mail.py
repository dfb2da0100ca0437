"""Mails and web pages saved as one file (`.eml`, `.mht`), and mailboxes."""

from __future__ import annotations

import email
import email.message
import re
from collections.abc import Iterator
from email.header import decode_header, make_header

from avenant.publish.part import Extract, Nest, Part

_NEXT_MAIL = re.compile(rb"(?m)^From [^\r\n]*\r?\n(?=[A-Za-z-]+:)")


def read_mail(raw: bytes, nest: Nest) -> Iterator[Part]:
    """Headers, texts and attachments of a mail, their encodings undone."""
    message = email.message_from_bytes(raw)
    for number, part in enumerate(message.walk(), 1):
        headers = "\n".join(f"{key}: {_decoded(value)}" for key, value in part.items())
        yield Extract(f"headers of part {number}" if number > 1 else "headers", headers)
        if part.is_multipart():
            around = [text for text in (part.preamble, part.epilogue) if text]
            if around:
                yield Extract(f"around part {number}", "\n".join(around))
            continue
        contents = part.get_payload(decode=True)
        if isinstance(contents, bytes) and contents:
            name = part.get_filename()
            kind = part.get_content_subtype()
            shown = name or f"part {number}"
            is_text = part.get_content_maintype() == "text" and name is None
            read = _as_utf8(part, contents)
            yield from nest.open(name or f"part.{kind}", read, is_document=not is_text, shown=shown)


def read_mailbox(raw: bytes, nest: Nest) -> Iterator[Part]:
    """The mails of a mailbox."""
    for number, mail in enumerate(_NEXT_MAIL.split(raw)[1:], 1):
        yield from nest.open(f"mail {number}.eml", mail, is_document=True, shown=f"mail {number}")


def is_mailbox(raw: bytes) -> bool:
    """Whether a file is a mailbox: it begins with the line that parts its mails."""
    return _NEXT_MAIL.match(raw) is not None


def _decoded(value: object) -> str:
    try:
        return str(make_header(decode_header(str(value))))
    except (LookupError, ValueError):
        return str(value)


def _as_utf8(part: email.message.Message, contents: bytes) -> bytes:
    charset = part.get_content_charset()
    if charset is None or part.get_content_maintype() != "text":
        return contents
    try:
        return contents.decode(charset, "replace").encode()
    except LookupError:
        return contents
