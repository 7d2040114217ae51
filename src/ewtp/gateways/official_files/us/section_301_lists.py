"""Which products of China a heading of section 301 reaches: the lists of notes 20 and 31, as they are printed.

Most are tables or numbered items of legal lines. Notes 20(g) and 20(s)(ii) describe lines less some statistical
numbers. What neither note lists in such a form, chassis and cranes, stands in the compilation.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ewtp.gateways.official_files.us.chapter_99_notes import NoteList
from ewtp.gateways.official_files.us.hts_rows import LEGAL_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists

_STATISTICAL_DIGITS = 10
_CODE = re.compile(r"(?<![\d.])\d{4}\.\d{2}\.\d{2}(?:\d{2})?(?!\d|\.\d)")
_ITEM = re.compile(r"(?:^|\s)\d{1,2}\. (?=[A-Z])")


TABLES = (
    NoteList("note 20(b)", "20", r"\(b\) Heading 9903\.88\.01", "9903.88.01"),
    NoteList("note 20(d)", "20", r"\(d\) Heading 9903\.88\.02", "9903.88.02"),
    NoteList("note 20(f)", "20", r"\(f\) Heading 9903\.88\.03", "9903.88.03"),
    NoteList("note 20(s)", "20", r"\(i\) all products of China .* read from left to right\]$", "9903.88.15"),
    NoteList("note 31(b)", "31", r"\(b\) Heading 9903\.91\.01", "9903.91.01"),
)
ITEMS = (
    NoteList("note 31(c)", "31", r"\(c\) Heading 9903\.91\.02", "9903.91.02"),
    NoteList("note 31(d)", "31", r"\(d\) Heading 9903\.91\.03", "9903.91.03"),
    NoteList("note 31(f)(i)", "31", r"\(i\) Heading 9903\.91\.05", "9903.91.05"),
    NoteList("note 31(g)", "31", r"\(g\) Heading 9903\.91\.06", "9903.91.06"),
    NoteList("note 31(h)", "31", r"\(h\) Heading 9903\.91\.07", "9903.91.07"),
    NoteList("note 31(j)", "31", r"\(j\) Heading 9903\.91\.11", "9903.91.11"),
)
SENTENCES = (
    NoteList("note 31(e)", "31", r"\(e\) Heading 9903\.91\.04", "9903.91.04"),
    NoteList("note 31(i)", "31", r"\(i\) Heading 9903\.91\.08", "9903.91.08"),
)
_DESCRIBED = (
    NoteList("note 20(g)", "20", r"\(g\) For the purposes of heading 9903\.88\.04", "9903.88.04"),
    NoteList("note 20(s)", "20", r"\(ii\) the following products of China", "9903.88.15"),
)


def list_products(lists: Chapter99Lists) -> Iterator[tuple[str, str]]:
    """Each heading with each code that it reaches."""
    for printed, codes in read_printed(lists):
        yield from ((printed.heading, code) for code in codes)
    read = {each.heading for each in (*TABLES, *ITEMS, *SENTENCES, *_DESCRIBED)}
    for row in lists.rows("s301_product_lists.csv.gz"):
        if row["ch99_code"] not in read:
            yield row["ch99_code"], row["hts8"]


def read_printed(lists: Chapter99Lists) -> Iterator[tuple[NoteList, list[str]]]:
    """Each list of the notes, with the codes that it has."""
    for each in TABLES:
        yield each, lists.read_enumeration(each.note, each.opening)
    for each in ITEMS:
        yield each, lists.items(each.note, each.opening)
    for each in SENTENCES:
        yield each, lists.read_sentence(each.note, each.opening)
    for each in _DESCRIBED:
        yield (
            each,
            [code for item in _ITEM.split(lists.words(each.note, each.opening))[1:] for code in _less(lists, item)],
        )


def _less(lists: Chapter99Lists, item: str) -> list[str]:
    """The statistical numbers of the line that an item describes, without those that it excepts.

    The line itself where an excepted number is not in the editions, so that its successor cannot be told.
    """
    line, *excepted = (code.replace(".", "") for code in _CODE.findall(item))
    numbers = sorted(
        code for code in lists.codes if len(code) == _STATISTICAL_DIGITS and code.startswith(line) and code[-2:] != "00"
    )
    if len(line) != LEGAL_DIGITS or not numbers or not set(excepted) <= set(numbers):
        return lists.keep_known([line])
    return [number for number in numbers if number not in excepted]
