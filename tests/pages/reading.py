"""A page as a browser takes it: well nested, and its text by element."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """A parsed page; a tag that is closed out of turn fails the test."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        """Fragments of the links into the page, without #."""
        self.headings: list[tuple[str, str]] = []
        """Every heading's tag and text, in order."""
        self.texts: dict[str, list[str]] = {}
        """Text of every element, by tag."""
        self.tags: set[str] = set()
        self.lang = ""
        self.source = source
        self.feed(source)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.lang = given.get("lang") or self.lang
        self.ids += [given["id"] or ""] if "id" in given else []
        href = given.get("href") or ""
        self.targets += [href[1:]] if href.startswith("#") else []
        assert not {"src", "onclick"} & given.keys(), "a page stands alone"
        if tag not in _VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")
        if tag in ("h1", "h2", "h3"):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in set(self.open):
            self.texts[tag][-1] += data
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)
