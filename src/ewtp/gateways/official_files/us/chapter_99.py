"""Headings of chapter 99 of the US schedule: their rates, dates and economies, parsed from their own texts.

A heading such as 9903.88.03 adds to "the duty provided in the applicable subheading"; one such as 9903.02.20 gives a
total, 15%, that replaces a lower duty. ``expression`` is the additional charge in the rulebook's duty language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Mapping

# The European Union as the schedule's economies; Federal Register texts name it as one.
EUROPEAN_UNION = tuple(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(),  # noqa: SIM905 - a list of codes reads best as words
)
_DAY = r"((?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4})"
_FROM = re.compile(rf"\bon or after {_DAY}")
_BEFORE = re.compile(rf"\bbefore {_DAY}")
_THROUGH = re.compile(rf"\bthrough {_DAY}")
_NOTE = re.compile(r"\[\s*Compiler['\u2019]?s['\u2019]? note.*?\]", re.IGNORECASE)
_TERMINATED = re.compile(rf"\bterminated (?:as of|on) {_DAY}")
_STOPPED = re.compile(r"\b(?:terminated|suspended|expired)\b", re.IGNORECASE)
_ADDED = re.compile(
    r"\A[Tt]he duty provided (?:for )?in (?:the applicable subheading|subheadings? [\d., or]+?)"
    r" ?(?:\+|plus) ?(?:a duty of )?(.+?)\.?\Z",
)
_TOTAL = re.compile(r"\A(\d+(?:\.\d+)?%)\.?\Z")
_NUMBERS = re.compile(r"\b(\d{4}\.\d{2}\.\d{4}|\d{4}\.\d{2}\.\d{2}\.\d{2})\b")
_END = r"(.+?)(?:,? as provided|, with an|, that are|\[|\.|\Z)"
# "The product of" is unambiguous; only a text without it is searched for a bare "of", as in "wood products of Japan".
_PRODUCT_OF = tuple(re.compile(rf"\b{words} {_END}") for words in ("the product of", "[Pp]roducts? of", "of"))
_TURNED = "\u2019"
# Names that the schedule writes otherwise than the Unicode locale data.
_OTHER_NAMES = {
    "Bosnia and Herzegovina": "BA",
    "Trinidad and Tobago": "TT",
    "Hong Kong": "HK",
    "Macau": "MO",
    "Turkey": "TR",
    "Burma": "MM",
    "Democratic Republic of the Congo": "CD",
    "Republic of Korea": "KR",
    "Congo (Brazzaville)": "CG",
    "Congo (Kinshasa)": "CD",
    "Solomon Island": "SB",
    "Sao Tomé and Principe": "ST",
    "Saint Lucia": "LC",
    "Saint Vincent and the Grenadines": "VC",
    "Côte d`Ivoire": "CI",
    "Russian Federation": "RU",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of chapter 99: its number with dots, its text and its three rates as written."""

    code: str
    text: str
    general: str
    special: str
    other: str

    @property
    def added(self) -> str | None:
        """The rate on top of the subheading's duty, such as ``25%``; None where the heading adds none."""
        found = _ADDED.match(self.general)
        return found[1] if found else None

    @property
    def special_added(self) -> str | None:
        """The rate on top of the duty in the special column, where goods of a programme alone may use the heading."""
        found = _ADDED.match(self.special)
        return found[1] if found else None

    @property
    def expression(self) -> str | None:
        """The charge of the heading on top of the subheading's duty.

        A total is charged only as far as it exceeds that duty.
        """
        total = _TOTAL.match(self.general)
        if total:
            return f"{total[1]} less the duty provided in the applicable subheading"
        return self.added

    @property
    def replaces_column_2(self) -> str | None:
        """The rate that takes the place of column 2, where the heading has no other rate."""
        return self.other if _TOTAL.match(self.other) and not self.general and not self.special else None

    @property
    def starts(self) -> date | None:
        """The first day the text names."""
        return _day(_FROM, self.text)

    @property
    def ends(self) -> date | None:
        """The last day the text or the compiler's note names."""
        before, terminated = _day(_BEFORE, _NOTE.sub("", self.text)), _day(_TERMINATED, self.text)
        found = [day - timedelta(days=1) for day in (before, terminated) if day] + [
            d for d in [_day(_THROUGH, self.text)] if d
        ]
        return min(found, default=None)

    @property
    def stopped(self) -> bool:
        """Whether the compiler's note states that the heading no longer applies, without a day."""
        return self.ends is None and any(_STOPPED.search(note) for note in _NOTE.findall(self.text))

    @property
    def statistical_numbers(self) -> tuple[str, ...]:
        """Ten-digit numbers that the text names."""
        return tuple(dict.fromkeys(number.replace(".", "") for number in _NUMBERS.findall(self.text)))

    @property
    def economies(self) -> tuple[str, ...]:
        """The economies whose products the heading is for, in order of their code."""
        text = _NOTE.sub("", self.text)
        found = next((match for pattern in _PRODUCT_OF if (match := pattern.search(text))), None)
        return find_economies(found[1]) if found else ()


def _day(pattern: re.Pattern[str], text: str) -> date | None:
    found = pattern.search(text)
    return datetime.strptime(found[1], "%B %d, %Y").date() if found else None  # noqa: DTZ007 - only the day is kept


def find_economies(text: str) -> tuple[str, ...]:
    """The economies that a text names in English, sorted; the European Union is replaced by its members."""
    names, pattern = _names()
    found = {names[match.replace(_TURNED, "'").lower()] for match in pattern.findall(text.replace("\u2018", _TURNED))}
    if "EU" in found:
        found = (found - {"EU"}) | set(EUROPEAN_UNION)
    return tuple(sorted(found))


@cache
def _names() -> tuple[Mapping[str, str], re.Pattern[str]]:
    names = {
        name.replace(_TURNED, "'").lower(): code
        for code, name in Locale("en").territories.items()
        if re.fullmatch(r"[A-Z]{2}", code)
    }
    names |= {name.replace(_TURNED, "'").lower(): code for name, code in _OTHER_NAMES.items()}
    ordered = sorted(names, key=len, reverse=True)
    words = "|".join(re.escape(name).replace("'", "['\u2019]") for name in ordered)
    return names, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def make_heading(code: str, text: str, general: str, special: str, other: str) -> Heading:
    """The heading of a row of the schedule; ``code`` is digits only."""
    pairs = [code[:4], *(code[at : at + 2] for at in range(4, len(code), 2))]
    return Heading(".".join(pairs), text, general, special, other)
