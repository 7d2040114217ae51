"""Appendix IV to Annex 2 of the AfCFTA's Protocol on Trade in Goods: product-specific rules of origin, as a table.

A row of the CSV is a chapter, heading or subheading as printed with its rule. Square brackets mark a rule that the
parties had not agreed (note 2.4), an asterisk a share that fell from 60% to 55% at the end of 2025 (note 2.5), and
"Ex" goods that are a part of the code. The narrowest code prevails.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.origin_class import MORE, name_codes, word_rule
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, refuse_at_break, shorten_text
from ewtp.gateways.official_files.origin.rule_classes import classify_alternatives, join_products
from ewtp.gateways.official_files.sentences import NOT_AFCFTA_ORIGIN_RULES, ORIGIN_CODE_UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

SCHEME = "afcfta"
_NEEDED = {"hs_code_as_printed", "description", "rule", "ex", "asterisk_55pct", "row_is_part_of_previous_code"}
_CODE = re.compile(
    r"(?:chapter )?(?P<digits>[0-9]{1,2}(?:\.[0-9]{2})?|[0-9]{4}\.[0-9]{2})(?=[*\]]?(?: |\Z))", re.IGNORECASE
)
_BETWEEN = re.compile(r"([0-9]{2}\.[0-9]{2}) to ([0-9]{2}\.[0-9]{2})")
_PHASE = re.compile(r" for (?:a period of )?(?P<years>[0-9]+) years,? after which ", re.IGNORECASE)
_REVIEW = re.compile(
    r",? (?:(?:for [0-9]+ years )?subject to (?:a )?review (?:after (?:[0-9]+|five) years|based on .*)"
    r"|with a review after [0-9]+ years|further to subject to an objective review)\.?$",
    re.IGNORECASE,
)
# How the table is printed, and how its other rows say the same.
_SPELLINGS = (
    (re.compile(r"other that of", re.IGNORECASE), "other than that of"),
    (re.compile(r"ex-? ?works?(?= price)", re.IGNORECASE), "ex-works"),
    (re.compile(r"%(?=of)"), "% "),
    (re.compile(r" ,"), ","),
    (re.compile(r"are wholly obtained used are wholly obtained", re.IGNORECASE), "used are wholly obtained"),
)
# The digits of a chapter.
_CHAPTER = 2
_STARRED = ("MaxNOM:60%", ("MaxNOM:60%", "UNTIL:2025-12-31", "MaxNOM:55%"))


@dataclass(frozen=True, slots=True)
class _RuleRow:
    """The classes of a rule, and the row that states it."""

    classes: tuple[str, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class _Printed:
    """A row: its rule, the codes that it reaches, and whether ``part`` of their goods alone.

    ``indented`` is whether its description goes on with a subdivision.
    """

    codes: tuple[str, ...]
    part: bool
    indented: bool
    rule: _RuleRow


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """An origin rule for every range of codes with one rule; rules have no days of their own.

    Rows refused: ``row_code_unreadable``. Refusal: ``file_not_afcfta_origin_rules``.
    """
    del effective
    try:
        with open_text(path) as stream:
            header = next(csv.reader(stream), [])
    except BROKEN:
        header = []
    if not set(header) >= _NEEDED:
        return Refusal(NOT_AFCFTA_ORIGIN_RULES, {"file": path.name})
    source = Source(
        "afcfta-appendix-iv",
        "AfCFTA, Annex 2 on rules of origin, Appendix IV: product-specific rules",
        "AfCFTA Council of Ministers",
        published,
        retrieved,
    )
    return Importing(source, refuse_at_break(_records(path, source)))


def _records(path: Path, source: Source) -> Iterator[Record | RowRefused]:
    printed: list[_Printed] = []
    with open_text(path) as stream:
        for number, row in enumerate(csv.DictReader(stream), 2):
            found = _read_row(row)
            if found is None:
                yield RowRefused(ORIGIN_CODE_UNREADABLE, row=number, text=shorten_text(row["hs_code_as_printed"]))
            else:
                printed.append(found)
    for first, last, rule in list_ranges(_by_code(_without_leads(printed))):
        yield OriginRule(
            scheme=SCHEME,
            first=first.ljust(10, "0"),
            last=last.ljust(10, "9"),
            classes=rule.classes,
            text=word_rule(rule.reference, rule.classes),
            source=source,
            reference=rule.reference,
        )


def _without_leads(printed: Sequence[_Printed]) -> Iterator[_Printed]:
    """The rows without headings that only lead to the subheadings of the next row, whose rule they are printed with."""
    for row, after in zip_longest(printed, printed[1:]):
        leads = after is not None and row.indented and row.rule.classes == after.rule.classes
        if not (leads and all(code.startswith(row.codes[0]) for code in after.codes) and row.codes != after.codes):
            yield row


def _read_row(row: Mapping[str, str]) -> _Printed | None:
    text = " ".join(row["hs_code_as_printed"].split())
    codes = _read_codes(text)
    if not codes:
        return None
    classes = classify_printed(row["rule"], codes[0])
    if row["asterisk_55pct"] == "1":
        classes = tuple(each for one in classes for each in (_STARRED[1] if one == _STARRED[0] else (one,)))
    named = f"{codes[0]}-{codes[-1]}" if _BETWEEN.search(text) else "+".join(codes)
    return _Printed(
        codes, row["ex"] == "1", " - " in row["description"], _RuleRow(classes, f"Appendix IV, {name_codes(named)}")
    )


def _read_codes(text: str) -> tuple[str, ...]:
    """The codes of a row as digits; a heading that only leads to its subheadings is left out."""
    between = _BETWEEN.search(text)
    if between is not None:
        first, last = (int(each.replace(".", "")) for each in between.groups())
        return tuple(f"{code:04}" for code in range(first, last + 1))
    plain = re.sub(r"(?i)ex[-. ]*(?=chapter|[0-9])|\[|\]|\*", " ", text)
    found = [match["digits"].replace(".", "") for match in _CODE.finditer(" ".join(plain.split()))]
    codes = [code.zfill(len(code) + len(code) % 2) for code in found]
    return tuple(code for code in codes if not any(other != code and other.startswith(code) for other in codes))


def classify_printed(rule: str, code: str) -> tuple[str, ...]:
    """The classes of a rule of the table; ``code`` is what it calls this chapter or this heading."""
    text = " ".join(rule.split())
    for pattern, words in _SPELLINGS:
        text = pattern.sub(words, text)
    text = _REVIEW.sub("", text)
    for name, length in (("Chapter", 2), ("Heading", 4), ("Sub-?heading", 6)):
        text = re.sub(rf"\bthis {name}", f"{name.replace('-?', '')} {code[:length]}", text, flags=re.IGNORECASE)
    first, *years_and_rest = _PHASE.split(text, maxsplit=1)
    classes = classify_alternatives(first)
    if years_and_rest:
        years, rest = years_and_rest
        classes = (*classes, f"YEARS:{years}", *classify_alternatives(rest))
    return classes


def _by_code(rows: Iterable[_Printed]) -> dict[str, _RuleRow]:
    """The rule of each code; a rule for a part of a code stands beside the rule for its other goods."""
    whole: dict[str, list[_RuleRow]] = defaultdict(list)
    parts: dict[str, list[_RuleRow]] = defaultdict(list)
    for row in rows:
        for code in row.codes:
            # A chapter of which headings have rules of their own is printed like a part of a code, and is none.
            (parts if row.part and len(code) > _CHAPTER else whole)[code].append(row.rule)
    found = {code: _join(rules) for code, rules in whole.items()}
    for code, rules in parts.items():
        around = next((found[code[:n]] for n in (6, 4, 2) if code[:n] in found), _RuleRow((MORE,), ""))
        found[code] = _join([*rules, around])
    return found


def _join(rules: list[_RuleRow]) -> _RuleRow:
    """One rule of those for different goods of a code, which cites the first."""
    return _RuleRow(join_products(rule.classes for rule in rules), rules[0].reference)


def list_ranges(rules: Mapping[str, _RuleRow]) -> Iterator[tuple[str, str, _RuleRow]]:
    """Ranges of codes without overlap, in order: ``(first, last, rule)``.

    ``rules`` are by chapter, heading and subheading; the narrowest prevails. The ends of a range have the length of
    the codes that it lies between: ``("5201", "5203", …)``, ``("5204", "5212", …)``.
    """
    pending: tuple[str, str, _RuleRow] | None = None
    for code, rule in _narrowest(rules):
        if pending and pending[2] == rule and int(pending[1].ljust(6, "9")) + 1 == int(code.ljust(6, "0")):
            pending = (pending[0], code, rule)
            continue
        if pending:
            yield pending
        pending = (code, code, rule)
    if pending:
        yield pending


def _narrowest(rules: Mapping[str, _RuleRow]) -> Iterator[tuple[str, _RuleRow]]:
    """The rule of every chapter, of every heading where one has its own, and of every subheading likewise."""
    for chapter in sorted({code[:_CHAPTER] for code in rules}):
        if all(code[:_CHAPTER] != chapter or code == chapter for code in rules):
            yield chapter, rules[chapter]
            continue
        for heading in (f"{chapter}{number:02}" for number in range(100)):
            around = rules.get(heading, rules.get(chapter))
            below = any(len(code) > len(heading) and code.startswith(heading) for code in rules)
            for code in [f"{heading}{number:02}" for number in range(100)] if below else [heading]:
                rule = rules.get(code, around)
                if rule is not None:
                    yield code, rule
