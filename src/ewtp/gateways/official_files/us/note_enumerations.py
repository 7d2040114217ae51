"""What the notes of chapter 99 enumerate, by the heading that charges or exempts it: the figures of the legal text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.enumeration import Enumeration
from ewtp.gateways.official_files.us.chapter_99_notes import PRINTED, NoteList
from ewtp.gateways.official_files.us.hts import TERRITORY
from ewtp.gateways.official_files.us.section_122 import SPECIAL_CLASSIFICATION
from ewtp.gateways.official_files.us.section_232 import ALUMINUM_NOTE, DERIVATIVE_ALUMINUM
from ewtp.gateways.official_files.us.section_232_annexes import LISTS
from ewtp.gateways.official_files.us.section_301_lists import read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists

# The duties under IEEPA ended before the revision whose notes were read.
_LAST_OF_IEEPA = date(2026, 2, 23)
_BEFORE_ANNEXES = date(2026, 4, 5)


_ANNEXES = (
    ("note 16(c)(i) to (v)", "1a", "9903.82.02"),
    ("note 16(c)(vi) to (viii)", "1b", "9903.82.09"),
    ("note 16(c)(ix) and (x)", "3", "9903.82.10"),
)
_LISTS = (
    NoteList("note 2(aa)(ii)", "2", r"\(ii\) As provided in heading 9903\.03\.03", "9903.03.03"),
    NoteList("note 2(aa)(iv)", "2", r"\(iv\) As provided in heading 9903\.03\.05", "9903.03.05"),
    NoteList("note 33(b)", "33", r"\(b\)", "9903.94.01"),
    NoteList("note 33(g)", "33", r"\(g\)", "9903.94.05"),
    NoteList("note 37(b)", "37", r"\(b\)", "9903.76.01"),
    NoteList("note 37(d)", "37", r"\(d\)", "9903.76.02"),
    NoteList("note 37(f)", "37", r"\(f\)", "9903.76.03"),
    NoteList("note 38(b)", "38", r"\(b\)", "9903.74.01"),
    NoteList("note 38(c)", "38", r"\(c\)", "9903.74.02"),
    NoteList("note 38(i)", "38", r"\(i\)", "9903.74.08"),
    NoteList("note 39(b)", "39", r"\(b\)", "9903.79.01"),
    NoteList("note 2(v)(iii)(a)", "2", r"\(a\) As provided for in heading 9903\.01\.32", "9903.01.32", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xx)", "2", r"\(xx\) As provided in heading 9903\.02\.74", "9903.02.74", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxii)", "2", r"\(xxii\) As provided in heading 9903\.02\.76", "9903.02.76", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxiv)(b)", "2", r"\(b\) As provided in heading 9903\.02\.81", "9903.02.81", _LAST_OF_IEEPA),
    NoteList("note 2(x)(iii)(a)", "2", r"\(a\) As provided in heading 9903\.01\.81", "9903.01.81", _LAST_OF_IEEPA),
    NoteList("note 2(x)(iv)", "2", r"\(iv\) As provided in heading 9903\.01\.82", "9903.01.82", _LAST_OF_IEEPA),
    NoteList("note 30(b)", "30", r"\(b\) Heading 9903\.90\.08", "9903.90.08"),
    NoteList("note 30(d)", "30", r"\(d\) Heading 9903\.90\.09", "9903.90.09"),
    NoteList("note 2(v)(xxiii)", "2", r"\(xxiii\) As provided in heading 9903\.02\.77", "9903.02.77", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxv)(b)", "2", r"\(b\) As provided in headings 9903\.02\.84", "9903.02.84", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxv)(c)", "2", r"\(c\) As provided in headings 9903\.02\.85", "9903.02.85", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxv)(d)", "2", r"\(d\) As provided in headings 9903\.02\.86", "9903.02.86", _LAST_OF_IEEPA),
)
# Lists within a sentence.
_WRITTEN = (
    *(
        NoteList(f"note 19({opening[2]})", ALUMINUM_NOTE, opening, heading, _BEFORE_ANNEXES)
        for opening, heading in DERIVATIVE_ALUMINUM
    ),
    NoteList("note 33(j)", "33", r"\(j\) Heading 9903\.94\.32", "9903.94.32"),
    NoteList("note 35(a)", "35", r"\(a\) As provided in heading 9903\.96\.01", "9903.96.01", _LAST_OF_IEEPA),
    NoteList("note 35(b)", "35", r"\(b\) As provided in heading 9903\.96\.02", "9903.96.02", _LAST_OF_IEEPA),
)
_ARTICLES = (
    NoteList("note 2(aa)(iii)", "2", r"\(iii\) As provided in heading 9903\.03\.04", "9903.03.04"),
    NoteList("note 2(v)(iii)(b)", "2", r"\(b\) As provided in heading 9903\.02\.78", "9903.02.78", _LAST_OF_IEEPA),
    NoteList("note 2(v)(xxi)", "2", r"\(xxi\) As provided in heading 9903\.02\.75", "9903.02.75", _LAST_OF_IEEPA),
    NoteList("note 2(x)(iii)(b)", "2", r"\(b\) As provided in heading 9903\.01\.90", "9903.01.90", _LAST_OF_IEEPA),
)


def list_enumerations(lists: Chapter99Lists) -> Iterator[Enumeration]:
    """The enumerations that the rules of additional duties are held against."""
    for provision, annex, heading in _ANNEXES:
        codes = (code for each in LISTS if each.annex == annex for code in lists.read_enumeration("16", each.opening))
        yield _enumeration(provision, heading, PRINTED, tuple(dict.fromkeys(codes)))
    for each in _LISTS:
        found = lists.read_enumeration(each.note, each.opening)
        kept = tuple(code for code in found if not code.startswith(SPECIAL_CLASSIFICATION))
        yield _enumeration(each.provision, each.heading, each.day, kept)
    for each in _WRITTEN:
        yield _enumeration(each.provision, each.heading, each.day, tuple(lists.read_sentence(each.note, each.opening)))
    yield from _section_301(lists)
    for each in _ARTICLES:
        articles = tuple(code for _, code in lists.particular_articles(each.note, each.opening))
        yield _enumeration(each.provision, each.heading, each.day, articles)


def _section_301(lists: Chapter99Lists) -> Iterator[Enumeration]:
    """The lists of section 301; a product on several owes the highest rate, and stands under that heading alone."""
    places: dict[str, str] = {}
    highest: dict[str, tuple[Decimal, str]] = {}
    for each, codes in read_printed(lists):
        heading = lists.heading(each.heading)
        # Of what note 20(g) describes, footnotes name some statistical numbers.
        if each.heading == "9903.88.04" or (heading.ends is not None and heading.ends < PRINTED):
            continue
        places[each.heading] = each.provision
        rate = Decimal((heading.added or "0%").removesuffix("%"))
        for code in codes:
            highest[code] = max(highest.get(code, (rate, each.heading)), (rate, each.heading))
    for number, provision in places.items():
        kept = tuple(sorted(code for code, (_, heading) in highest.items() if heading == number))
        yield _enumeration(provision, number, PRINTED, kept)


def _enumeration(provision: str, heading: str, day: date, codes: tuple[str, ...]) -> Enumeration:
    return Enumeration(TERRITORY, provision, f"HTS {heading}", day, codes)
