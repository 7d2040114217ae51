"""The texts of a page that are English, and whether they are marked as a quotation of English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

# Two English words in a row, one of them of four letters: codes, units and names of files are not English.
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? (?:[A-Za-z']+ )*[a-z]{4,}|[a-z]{4,}[,;:]? [A-Za-z]{2,}")
# What programs read, and what a reader typed.
_UNREAD = frozenset({"script", "style", "code", "q", "option", "textarea", "title"})
_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "rect", "source", "wbr"})


@dataclass(frozen=True, slots=True)
class EnglishText:
    """A run of text of a page; ``marked`` says that it is a quotation of English."""

    text: str
    marked: bool


def english_texts(page: str) -> list[EnglishText]:
    """The English texts of a page in a language of another script, in order."""
    reader = _Reader()
    reader.feed(page)
    return [each for each in reader.found if _WORDS.search(each.text)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[EnglishText] = []
        self._open: list[tuple[str, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        given = dict(attrs)
        marked, unread = self._inside()
        if "lang" in given and tag != "html":
            marked = given["lang"] == "en"
        names = (given.get("class") or "").split()
        self._open.append((tag, marked, unread or tag in _UNREAD or "code" in names or "words" in names))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        marked, unread = self._inside()
        text = " ".join(data.split())
        if text and not unread:
            self.found.append(EnglishText(text, marked))

    def _inside(self) -> tuple[bool, bool]:
        return self._open[-1][1:] if self._open else (False, False)
