"""The notes of HTS chapter 99 as USITC prints them: which provisions a note enumerates, by note and subdivision.

The headings of chapter 99 say how much; which goods they reach stands in the notes alone. A compilation of those lists
repeats the mistakes of whoever read them, so every list that a note enumerates is taken from the note.

The text is that of a printed page. An enumeration is a table without rules: rows of provisions, after a sentence that
ends in a colon, over several pages. On some pages the first column is set lower than the others and the paragraph's
own sign stands beside them; there a table's rows are counted in its first column, and the other columns follow it row
by row.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ewtp.gateways.official_files.archive_reader import open_unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

# Two codes of note 30 are printed with another sign in place of their first dot.
_MISPRINT = re.compile(r"\b(\d{4})[;,](\d\d\.\d\d)\b")
_CODE = re.compile(r"(?<![\d.])\d{4}(?:\.\d{2}(?:\.\d{2}(?:\d{2})?)?)?(?!\d|\.\d)")
# Numbered items of a list begin with words, a note with its first subdivision.
_NOTE = re.compile(r"(\d{1,2})\.\s*(\(a\).*|\[Compiler's note: List.*|)$")
# Provisions of these chapters are headings of the notes themselves and special classifications, not goods.
_NOT_GOODS = ("98", "99")
_PARAGRAPH = re.compile(r"\s*\((?P<sign>[a-z]{1,2}|[ivx]{1,7}|\d{1,2})\)(?=\s|$)(?P<rest>.*)")
# What is printed at the head of every page.
_PAGE_TITLE = re.compile(r"\s*Harmonized Tariff Schedule of the United States Revision ")
_PAGE_HEAD = re.compile(r"\s*(?:Annotated for Statistical Reporting Purposes|XXII|99\s?-\s?[IVX]+\s?-\s?\d+)?\s*")
_SUBCHAPTER = re.compile(r"\b99\s?-\s?III\s?-\s?\d+\b")
_CONTINUED = re.compile(r"\s*U\.S\. Notes \(con\.\)")
# The text is in the encoding of the program that printed it.
_ENCODING = "cp1252"


# Revision 6 of 2026, whose notes were read, took effect on this day.
PRINTED = date(2026, 4, 23)


class NoteList(NamedTuple):
    """A list of a note: its place, the note, the pattern of its opening, the heading, and the day it is printed for."""

    provision: str
    note: str
    opening: str
    heading: str
    day: date = PRINTED


@dataclass(slots=True)
class NoteParagraph:
    """A paragraph of a note: its sign such as ``"(aa)"``, its words, and the provisions of its table.

    ``codes`` have no dots, in the order of print; a paragraph without a table has none.
    """

    note: str
    sign: str
    words: str = ""
    codes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    displaced: bool = False
    wanted: bool = False


def read_note_paragraphs(path: Path) -> list[NoteParagraph]:
    """Every paragraph of the notes to subchapter III, in the order of print; ValueError where the text is another."""
    paragraphs = [NoteParagraph("", "")]
    with open_unpacked(path) as packed, io.TextIOWrapper(packed, encoding=_ENCODING, errors="replace") as lines:
        for page in _pages(lines):
            if not page.wanted:
                continue
            if page.displaced:
                _read_displaced(page, paragraphs)
            else:
                for line in page.lines:
                    _read_line(line, paragraphs)
    if len(paragraphs) == 1:
        msg = f"{path.name} has no note of chapter 99"
        raise ValueError(msg)
    return paragraphs


def _pages(lines: Iterable[str]) -> Iterator[_Page]:
    page = _Page()
    for line in lines:
        if _PAGE_TITLE.match(line):
            yield page
            page = _Page()
        elif (continued := _CONTINUED.match(line)) is not None:
            rest = line[continued.end() :]
            # Columns that begin beside the page's head are set higher than the first one.
            page.displaced = bool(_CODE.search(rest))
            page.lines.append(" " * continued.end() + rest)
        elif _PAGE_HEAD.fullmatch(line.rstrip()):
            page.wanted = page.wanted or bool(_SUBCHAPTER.search(line))
        else:
            page.lines.append(_MISPRINT.sub(r"\1.\2", line))
    yield page


def _row(line: str) -> list[tuple[int, str]]:
    """The provisions of a table's row, each with the column where it begins; none where the line has other words."""
    return [(m.start(), m[0].replace(".", "")) for m in _CODE.finditer(line)] if not _CODE.sub("", line).strip() else []


def _read_line(line: str, paragraphs: list[NoteParagraph]) -> None:
    note = _NOTE.match(line.rstrip())
    if note is not None:
        paragraphs.append(NoteParagraph(note[1], ""))
        line = note[2]
    found = _PARAGRAPH.match(line)
    if found is not None:
        paragraphs.append(NoteParagraph(paragraphs[-1].note, f"({found['sign']})", found["rest"].strip()))
        return
    codes = _row(line)
    if codes:
        paragraphs[-1].codes += [code for _, code in codes]
    else:
        paragraphs[-1].words = f"{paragraphs[-1].words} {line.strip()}".strip()


def _read_displaced(page: _Page, paragraphs: list[NoteParagraph]) -> None:
    """A page whose first column is set lower than the others, from which each line has the rest of another row."""
    first = min((row[0][0] for row in map(_row, page.lines) if row), default=0)
    began = len(paragraphs)
    others: list[list[str]] = []
    rows: list[NoteParagraph] = []
    for line in page.lines:
        found = _PARAGRAPH.match(line)
        codes = [(m.start(), m[0].replace(".", "")) for m in _CODE.finditer(line)]
        if found is not None:
            words = _CODE.sub("", found["rest"]).strip()
            paragraphs.append(NoteParagraph(paragraphs[-1].note, f"({found['sign']})", words))
        beside = [code for column, code in codes if column > first]
        if codes and codes[0][0] == first:
            rows.append(paragraphs[-1])
            paragraphs[-1].codes.append(codes[0][1])
        if beside:
            others.append(beside)
    # What stands beside a row of the first column is the row of the same number, not of the same line.
    last = rows[-1] if rows else paragraphs[began - 1]
    for number, codes_beside in enumerate(others):
        (rows[number] if number < len(rows) else last).codes.extend(codes_beside)


def find_enumeration(paragraphs: Iterable[NoteParagraph], note: str, opening: str) -> tuple[str, ...]:
    """The provisions that a paragraph of ``note`` enumerates, found by a pattern of its sign and words.

    LookupError where no paragraph, or more than one, with a table is so worded: a note whose wording has changed is not
    read as if it were the old one.
    """
    wanted = re.compile(opening)
    found = [p for p in paragraphs if p.note == note and p.codes and wanted.match(f"{p.sign} {p.words}")]
    if len(found) != 1:
        raise _unfound(note, opening, len(found))
    return tuple(found[0].codes)


def find_words(paragraphs: Iterable[NoteParagraph], note: str, opening: str) -> str:
    """The words of the one paragraph of ``note`` that a pattern of its sign and words finds.

    LookupError where there is none, or more than one.
    """
    wanted = re.compile(opening)
    found = [p for p in paragraphs if p.note == note and wanted.match(f"{p.sign} {p.words}")]
    if len(found) != 1:
        raise _unfound(note, opening, len(found))
    return found[0].words


def find_written(paragraphs: Iterable[NoteParagraph], note: str, opening: str) -> tuple[str, ...]:
    """The provisions of goods that the sentence of a paragraph of ``note`` names, each once.

    LookupError as for ``find_words``.
    """
    words = find_words(paragraphs, note, opening)
    # A year or a section of the code of laws has four digits too, and no dot.
    codes = (code.replace(".", "") for code in _CODE.findall(words) if "." in code)
    return tuple(dict.fromkeys(code for code in codes if not code.startswith(_NOT_GOODS)))


def find_items(paragraphs: Sequence[NoteParagraph], note: str, opening: str) -> tuple[str, ...]:
    """The provisions that the numbered items after a paragraph of ``note`` name; LookupError as for ``find_words``."""
    words = find_words(paragraphs, note, opening)
    at = next(n for n, p in enumerate(paragraphs) if p.note == note and p.words == words)
    codes: list[str] = []
    for paragraph in paragraphs[at + 1 :]:
        if not paragraph.sign.strip("()").isdigit():
            break
        codes += (code.replace(".", "") for code in _CODE.findall(paragraph.words) if "." in code)
    return tuple(dict.fromkeys(codes))


def find_particular_articles(
    paragraphs: Sequence[NoteParagraph], note: str, opening: str
) -> tuple[tuple[int, str], ...]:
    """The numbered items after a paragraph, each an article of one provision: its number and the provision's code.

    LookupError as for ``find_enumeration``, and where an item names no provision, or more than one.
    """
    wanted = re.compile(opening)
    found = [n for n, p in enumerate(paragraphs) if p.note == note and wanted.match(f"{p.sign} {p.words}")]
    if len(found) != 1:
        raise _unfound(note, opening, len(found))
    items: list[tuple[int, str]] = []
    for paragraph in paragraphs[found[0] + 1 :]:
        if paragraph.sign != f"({len(items) + 1})":
            break
        codes = _CODE.findall(paragraph.words)
        if len(codes) != 1:
            raise _unfound(note, f"{opening}, item {len(items) + 1}", len(codes))
        items.append((len(items) + 1, codes[0].replace(".", "")))
    return tuple(items)


def _unfound(note: str, opening: str, count: int) -> LookupError:
    return LookupError(f"note {note} has {count} enumerations that begin as {opening!r}")
