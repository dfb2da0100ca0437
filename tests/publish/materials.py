"""Files of every kind that a folder may hold, each made with a name in one place and with nothing else to find."""

from __future__ import annotations

import base64
import bz2
import gzip
import importlib
import io
import json
import lzma
import sqlite3
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

NAME = "Odile"
"""The name that must not go online."""
PLACEHOLDER = "Clément"
"""What the clean twin of each file says instead."""

ZSTANDARD = 93
"""The zip method of Inspect's logs."""

Maker = Callable[[str], bytes]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    if method == ZSTANDARD and sys.version_info < (3, 14):
        importlib.import_module("zipfile_zstd")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return out.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, raw in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return out.getvalue()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of one pixel, with further chunks."""

    def chunk(kind: bytes, contents: bytes) -> bytes:
        return len(contents).to_bytes(4) + kind + contents + zlib.crc32(kind + contents).to_bytes(4)

    head = (1).to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    body = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(b"\x00\x00")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in body)


def titled_png(name: str) -> bytes:
    return png((b"tEXt", b"Title\0" + name.encode() + bytes(200)))


def jpeg(segment: bytes) -> bytes:
    """The beginning of a photograph, with a comment in it, and some bytes of pixels."""
    app = b"\xff\xe1" + (len(segment) + 2).to_bytes(2) + segment
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + app
        + b"\xff\xda\x00\x08\x11\x92\xff\xd9"
    )


def word(edit: Callable[[Document], None], replace: Callable[[str], str] | None = None) -> bytes:
    """A Word file; `replace` changes the XML of its text."""
    document = docx.Document()
    document.core_properties.author = ""
    edit(document)
    out = io.BytesIO()
    document.save(out)
    if replace is None:
        return out.getvalue()
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["word/document.xml"] = replace(files["word/document.xml"].decode()).encode()
    return zipped(files)


def word_runs(name: str) -> bytes:
    def edit(document: Document) -> None:
        paragraph = document.add_paragraph("An assistant called ")
        paragraph.add_run(name[:2]).bold = True
        paragraph.add_run(name[2:] + ".").italic = True

    return word(edit)


def word_header(name: str) -> bytes:
    def edit(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = f"About {name}"

    return word(edit)


def word_comment(name: str) -> bytes:
    def edit(document: Document) -> None:
        paragraph = document.add_paragraph("A text.")
        document.add_comment(paragraph.runs, text=f"Is this {name}?", author="Jo Doe")

    return word(edit)


def word_author(name: str) -> bytes:
    def edit(document: Document) -> None:
        document.core_properties.author = name

    return word(edit)


def word_table(name: str) -> bytes:
    def edit(document: Document) -> None:
        cells = document.add_table(1, 2).rows[0].cells
        cells[0].text, cells[1].text = "x", name

    return word(edit)


def word_deletion(name: str) -> bytes:
    deleted = f'<w:p><w:del w:id="1" w:author="Jo"><w:r><w:delText>{name}</w:delText></w:r></w:del></w:p><w:sectPr'
    return word(lambda document: None, lambda xml: xml.replace("<w:sectPr", deleted, 1))


def word_change(name: str) -> bytes:
    """The name comes about only once the deletion is accepted."""
    change = (
        f'<w:p><w:r><w:t>{name[:3]}</w:t></w:r><w:del w:id="1"><w:r><w:delText>ette</w:delText></w:r></w:del>'
        f'<w:ins w:id="2"><w:r><w:t>{name[3:]}</w:t></w:r></w:ins></w:p><w:sectPr'
    )
    return word(lambda document: None, lambda xml: xml.replace("<w:sectPr", change, 1))


def word_alternative_text(name: str) -> bytes:
    picture = f'<w:p><w:r><w:drawing><wp:docPr id="1" descr="A portrait of {name}"/></w:drawing></w:r></w:p><w:sectPr'
    return word(lambda document: None, lambda xml: xml.replace("<w:sectPr", picture, 1))


def open_document(name: str, part: str = "content.xml") -> bytes:
    body = f"<text:p>A <text:span>{name[:3]}</text:span><text:span>{name[3:]}</text:span> text</text:p>"
    files = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"<office:document-content><text:p>Words</text:p></office:document-content>",
        "meta.xml": b"<office:document-meta/>",
        "META-INF/manifest.xml": b"<manifest:manifest/>",
    }
    return zipped(files | {part: f"<office:document>{body}</office:document>".encode()})


def office(part: str, xml: str) -> bytes:
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return zipped({"[Content_Types].xml": types, part: f'<?xml version="1.0"?>{xml}'.encode()})


def pdf(edit: Callable[[FPDF], None]) -> bytes:
    document = FPDF()
    document.add_page()
    document.set_font("helvetica", size=12)
    document.cell(text="Some words.")
    edit(document)
    return bytes(document.output())


def pdf_link(name: str) -> bytes:
    def edit(document: FPDF) -> None:
        document.cell(text="a link", link=f"https://example.org/{name}")

    return pdf(edit)


def pdf_comment(name: str) -> bytes:
    return pdf(lambda document: document.text_annotation(x=20, y=20, text=f"Ask {name}") and None)


def pdf_bookmark(name: str) -> bytes:
    return pdf(lambda document: document.start_section(f"What {name} does"))


def pdf_attachment(name: str) -> bytes:
    def edit(document: FPDF) -> None:
        document.embed_file(basename="notes.txt", bytes=f"Notes on {name}".encode())

    return pdf(edit)


def pdf_broken_word(name: str) -> bytes:
    def edit(document: FPDF) -> None:
        document.ln()
        document.multi_cell(w=60, text=f"In a column {name[:3]}\n{name[3:]} stands.")

    return pdf(edit)


def pdf_earlier_version(name: str) -> bytes:
    """A page whose text was replaced; the old text still lies in the file."""
    old = io.BytesIO(pdf(lambda document: document.cell(text=f" By {name}.") and None))
    writer = PdfWriter(old, incremental=True)
    contents = DecodedStreamObject()
    contents.set_data(b"BT /F1 12 Tf 30 700 Td (Other words) Tj ET")
    writer.pages[0][NameObject("/Contents")] = contents
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def mail(edit: Callable[[EmailMessage], None]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "jo@example.org", "al@example.org", "A draft"
    message.set_content("See below.\n")
    edit(message)
    return bytes(message)


def mail_subject(name: str) -> bytes:
    def edit(message: EmailMessage) -> None:
        message.replace_header("Subject", f"Über {name}")

    return mail(edit)


def mail_body(name: str) -> bytes:
    return mail(lambda message: message.set_content(f"Über {name}.\n", cte="base64"))


def mail_attachment(name: str) -> bytes:
    return mail(
        lambda message: message.add_attachment(
            word_runs(name), maintype="application", subtype="octet-stream", filename="draft.docx"
        )
    )


def database(name: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("create table notes (text)")
    connection.execute("insert into notes values (?)", (f"a note on {name}",))
    connection.commit()
    return connection.serialize()


def notebook(output: dict[str, object]) -> bytes:
    cell = {"cell_type": "code", "source": ["1 + 1"], "outputs": [{"data": output}]}
    return json.dumps({"cells": [cell], "nbformat": 4}, indent=1).encode()


def data_address(raw: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def old_word(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"A text on {name}.".encode("utf-16-le") + bytes(99)


def markdown(name: str) -> bytes:
    return f"# A draft\n\nWords on {name} here.\n".encode()


MAKERS: dict[str, Maker] = {
    "plain.txt": lambda name: f"One\nTwo {name}\n".encode(),
    "marked.txt": lambda name: f"\ufeff{name} first\n".encode(),
    "utf-16.txt": lambda name: f"Two {name}\n".encode("utf-16"),
    "utf-16-big.txt": lambda name: b"\xfe\xff" + f"Two {name}\n".encode("utf-16-be"),
    "utf-16-without-mark.txt": lambda name: f"Some words, then {name}, then more\n".encode("utf-16-le"),
    "utf-32.txt": lambda name: f"Two {name}\n".encode("utf-32"),
    "latin-1.txt": lambda name: f"café, {name}, crème\n".encode("latin-1"),
    "half-broken.txt": lambda name: "Много слов ".encode() * 9 + b"\xff\xfe broken " + f" on {name}\n".encode(),
    "draft.md": markdown,
    "emphasis.md": lambda name: f"Words on {name[:2]}**{name[2:4]}**{name[4:]} here".encode(),
    "picture.md": lambda name: f"![a]({data_address(titled_png(name), 'image/png')})".encode(),
    "inline.html": lambda name: f"<p>By {name[:2]}<b class='x'>{name[2:4]}</b>{name[4:]}.</p>".encode(),
    "odd-tag.html": lambda name: f'<p>By {name[:2]}<b title="a > b">{name[2:]}</b>.</p>'.encode(),
    "alt.html": lambda name: f'<!doctype html><img alt="{name} talks">'.encode(),
    "address.html": lambda name: f'<a href="https://example.org/%4{ord(name[0]) - 64:x}{name[1:]}">x</a>'.encode(),
    "meta.html": lambda name: f"<html><head><meta name=author content='{name}'></head></html>".encode(),
    "comment.html": lambda name: f"<html><!-- {name} --></html>".encode(),
    "script.html": lambda name: f"<html><script>var x = '{name}';</script></html>".encode(),
    "entities.html": lambda name: f"<p>{''.join(f'&#{ord(char)};' for char in name)}</p>".encode(),
    "broken.html": lambda name: f'<html><p <b>{name}</i> <a href="x>'.encode(),
    "data.html": lambda name: (
        f'<img src="{data_address(f"<svg><text>{name}</text></svg>".encode(), "image/svg+xml")}">'.encode()
    ),
    "drawing.svg": lambda name: f"<svg><text><tspan>{name[:2]}</tspan><tspan>{name[2:]}</tspan></text></svg>".encode(),
    "feed.xml": lambda name: f"<?xml version='1.0'?><rss><title>x</title><author>{name}</author></rss>".encode(),
    "escapes.json": lambda name: f'{{"a": "\\u{ord(name[0]):04x}{name[1:]}"}}'.encode(),
    "line-ends.json": lambda name: json.dumps({"a": f"one\n{name} two"}).encode(),
    "json-in-json.json": lambda name: json.dumps({"log": json.dumps({"a": f"one\n{name} two"})}).encode(),
    "lines.jsonl": lambda name: f'{{"a": 1}}\n{{"b": "{name}"}}\n'.encode(),
    "not-quite.json": lambda name: f'{{"a": 1, // {name}\n "b": 2'.encode(),
    "output.ipynb": lambda name: notebook({"text/html": [f"<b>{name[:2]}</b>{name[2:]}"]}),
    "plot.ipynb": lambda name: notebook({"image/png": base64.b64encode(titled_png(name)).decode()}),
    "program.py": lambda name: f'print("one\\n{name} two")\n'.encode(),
    "settings.yaml": lambda name: f"a: 1\nb: {name}\n".encode(),
    "table.csv": lambda name: f"a;b\n1;{name}\n".encode(),
    ".env": lambda name: f"MODEL={name.lower()}\n".encode(),
    "runs.docx": word_runs,
    "table.docx": word_table,
    "header.docx": word_header,
    "comment.docx": word_comment,
    "author.docx": word_author,
    "deletion.docx": word_deletion,
    "change.docx": word_change,
    "alternative-text.docx": word_alternative_text,
    "text.odt": open_document,
    "meta.odt": lambda name: open_document(name, "meta.xml"),
    "slides.pptx": lambda name: office(
        "ppt/notesSlides/notesSlide1.xml",
        f"<p:sld><a:p><a:r><a:t>{name[:2]}</a:t></a:r><a:r><a:t>{name[2:]}</a:t></a:r></a:p></p:sld>",
    ),
    "sheet.xlsx": lambda name: office(
        "xl/sharedStrings.xml", f"<sst><si><r><t>{name[:2]}</t></r><r><rPr><b/></rPr><t>{name[2:]}</t></r></si></sst>"
    ),
    "custom.xlsx": lambda name: office(
        "docProps/custom.xml", f"<Properties><p>x</p><vt:lpwstr>{name}</vt:lpwstr></Properties>"
    ),
    "sheet-name.xlsx": lambda name: office("xl/workbook.xml", f'<workbook><sheet name="{escape(name)}"/></workbook>'),
    "book.epub": lambda name: zipped(
        {
            "mimetype": b"application/epub+zip",
            "OEBPS/one.xhtml": f"<html><p>{name[:2]}<i>{name[2:]}</i></p></html>".encode(),
        }
    ),
    "site.zip": lambda name: zipped({"a/b.md": markdown(name)}),
    "file-name.zip": lambda name: zipped({f"{name}.txt": b"x"}),
    "two-deep.zip": lambda name: zipped({"in.zip": zipped({"draft.docx": word_runs(name)})}),
    "log.eval": lambda name: zipped({"samples/1.json": json.dumps({"a": f"x\n{name}"}).encode()}, method=ZSTANDARD),
    "site.tar": lambda name: tarred({"a/b.md": markdown(name)}),
    "site.tar.gz": lambda name: tarred({"a/b.md": markdown(name)}, "w:gz"),
    "site.tgz": lambda name: tarred({"a/b.md": markdown(name)}, "w:gz"),
    "draft.md.gz": lambda name: gzip.compress(markdown(name)),
    "draft.md.bz2": lambda name: bz2.compress(markdown(name)),
    "draft.md.xz": lambda name: lzma.compress(markdown(name)),
    "page.pdf": lambda name: pdf(lambda document: document.cell(text=f" By {name}.") and None),
    "title.pdf": lambda name: pdf(lambda document: document.set_title(f"About {name}")),
    "link.pdf": pdf_link,
    "comment.pdf": pdf_comment,
    "bookmark.pdf": pdf_bookmark,
    "attachment.pdf": pdf_attachment,
    "broken-word.pdf": pdf_broken_word,
    "earlier-version.pdf": pdf_earlier_version,
    "text.png": lambda name: png((b"tEXt", b"Author\0" + name.encode())),
    "compressed-text.png": lambda name: png((b"zTXt", b"Author\0\0" + zlib.compress(name.encode()))),
    "international-text.png": lambda name: png((b"iTXt", b"Author\0\x01\0\0\0" + zlib.compress(name.encode()))),
    "exif.jpg": lambda name: jpeg(b"Exif\0\0" + f"made by {name}".encode() + b"\0"),
    "exif-wide.jpg": lambda name: jpeg(b"Exif\0\0" + f"made by {name}".encode("utf-16-le") + b"\0\0"),
    "comment.gif": lambda name: b"GIF89a\x01\0\x01\0\0\0\0!\xfe\x0f" + f"made by {name}".encode() + b"\0;",
    "xmp.webp": lambda name: (
        b"RIFF\x60\0\0\0WEBPXMP \x40\0\0\0" + f"<x:xmpmeta>{name}</x:xmpmeta>".encode() + b"\0\x01\x02"
    ),
    "film.mp4": lambda name: b"\0\0\0\x18ftypisom\0\0\x02\0" + f"\xa9nam about {name}".encode("latin-1") + bytes(40),
    "groups.rtf": lambda name: f"{{\\rtf1\\ansi A {name[:2]}{{\\b {name[2:]}}} text\\par}}".encode(),
    "unicode.rtf": lambda name: b"{\\rtf1 A " + b"".join(b"\\u%d?" % ord(char) for char in name) + b" text}",
    "title.rtf": lambda name: f"{{\\rtf1{{\\info{{\\title {name}}}}}Text}}".encode(),
    "subject.eml": mail_subject,
    "body.eml": mail_body,
    "attachment.eml": mail_attachment,
    "page.mht": lambda name: mail(
        lambda message: message.add_alternative(f"<b>{name[:2]}</b>{name[2:]}", subtype="html")
    ),
    "mails.mbox": lambda name: b"From jo Mon Jan  5\n" + mail_body("Jo") + b"\nFrom al Tue Jan  6\n" + mail_body(name),
    "notes.db": database,
    "program.bin": lambda name: b"\x7fELF\0\0\x01" + f"\0hello {name}\0".encode() + bytes(range(256)),
    ".DS_Store": lambda name: b"\0\0\0\x01Bud1\0\0" + f"about-{name}.md".encode("utf-16-be") + bytes(9),
    "old.doc": old_word,
}
"""Makers of files by the file's name."""
