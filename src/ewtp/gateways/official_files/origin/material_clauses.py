"""Clauses of rules of origin with materials that they name, and the classes that they become."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.gateways.official_files.origin.material_names import ITSELF, read_materials
from ewtp.gateways.official_files.origin.rule_clauses import AT_MOST, EXW, MUST_BE, PERCENT, WORTH

if TYPE_CHECKING:
    from collections.abc import Callable

_TERMS = r"(?P<terms>[^.%]{2,260}?)"
# A list of what a product is made from may be longer; a decimal point is not its end.
_LIST_OF_TERMS = r"(?P<terms>(?:[^.%]|(?<=[0-9])\.(?= ?[0-9])){2,1500}?)"
_WEIGHT = r"(?:total |net )?weight of (?:the )?(?:final |total )?(?:product|good)s?"
_OF_LEVEL = {"chapter": "CC", "heading": "CTH", "subheading": "CTSH"}
_EXCEPT = r"(?:except|other than|excluding|but not)(?: for| from)?:?"


@dataclass(frozen=True, slots=True)
class MaterialClause:
    """A clause with materials: what it becomes, empty where a material is not known, and how it is written."""

    classes: Callable[[re.Match[str], list[str]], list[str]]
    pattern: re.Pattern[str]

    def read(self, text: str) -> tuple[re.Match[str], list[str]] | None:
        """The first match of which every material is known, with its classes."""
        place = 0
        while (match := self.pattern.search(text, place)) is not None:
            place = match.start() + 1
            terms = read_materials(match["terms"])
            classes = self.classes(match, terms) if terms else []
            if classes:
                return match, classes
        return None


def _make_clause(words: str, pattern: str) -> MaterialClause:
    """A clause whose materials all have a name; codes alone are ``material@04`` where the class allows for them."""

    def classes(match: re.Match[str], terms: list[str]) -> list[str]:
        if ITSELF in terms or terms == ["yarn"]:
            return []
        named = [f"material{each}" if each.startswith("@") else each for each in terms]
        figure = (match.groupdict().get("figure") or "").replace(",", ".")
        return words.format(terms="+".join(named), figure=figure).split()

    return MaterialClause(classes, re.compile(pattern, re.IGNORECASE))


def _list_exceptions(match: re.Match[str], terms: list[str]) -> list[str]:
    """Of materials of any heading except some: a change where the product is among them, and what is left out."""
    codes = [each.removeprefix("@").replace("/", "+") for each in terms if each.startswith("@")]
    named = [each for each in terms if not each.startswith("@") and each != ITSELF]
    found = [_OF_LEVEL[match["level"].casefold()] if ITSELF in terms else "AH"]
    if found == ["AH"] and match["level"].casefold() != "heading":
        return []
    found += [f"EX:{'+'.join(codes)}"] if codes else []
    return found + ([f"NOT:{'+'.join(named)}"] if named else [])


def _list_changes(match: re.Match[str], terms: list[str]) -> list[str]:
    codes = [each.removeprefix("@").replace("/", "+") for each in terms if each.startswith("@")]
    named = [each for each in terms if not each.startswith("@")]
    if ITSELF in named:
        return []
    found = [_OF_LEVEL[match["level"].casefold()]]
    found += [f"EX:{'+'.join(codes)}"] if codes else []
    return found + ([f"NOT:{'+'.join(named)}"] if named else [])


_ENDS = (
    r"(?=,? (?:provided|in which|however|where)\b|[.;]? ?(?:- )?(?:however|in which)\b"
    r"|,? and (?:- )?(?:in which|standard|a QVC)\b|[ .;,]*$)"
)
# Materials that may not be used; these come before the clauses of codes.
EXCEPTIONS = (
    MaterialClause(
        _list_changes,
        re.compile(
            rf"all (?:the )?(?:non-originating )?materials used are classified (?:with)?in (?:a "
            rf")?(?P<level>heading) other "
            rf"than that of the (?:product|good),? (?:except|other than)(?: for| of)?:? {_TERMS}{_ENDS}",
            re.IGNORECASE,
        ),
    ),
    MaterialClause(
        lambda match, terms: ["WITHIN", *_list_changes(match, terms)[1:]],
        re.compile(
            rf"a change from within this heading or any other (?P<level>heading),? {_EXCEPT} {_TERMS}{_ENDS}",
            re.IGNORECASE,
        ),
    ),
    # The weight of each material and of all together, before the weight of some.
    _make_clause(
        "MAXWT:{terms}:{figure}%",
        rf"(?:the )?(?:total )?combined weight of {_TERMS} used {AT_MOST} {PERCENT} of the {_WEIGHT}",
    ),
    _make_clause(
        "MAXWI:{terms}:{figure}%",
        rf"(?:the )?individual weight of {_TERMS} used {AT_MOST} {PERCENT} of the {_WEIGHT}",
    ),
    MaterialClause(
        _list_exceptions,
        re.compile(
            rf"(?:from )?(?:non-originating )?materials? of any "
            rf"(?P<level>chapter|heading|subheading),? {_EXCEPT} {_TERMS}"
            rf"{_ENDS}",
            re.IGNORECASE,
        ),
    ),
    MaterialClause(
        _list_changes,
        re.compile(
            rf"a change from any other (?P<level>chapter|heading|subheading),? {_EXCEPT} {_TERMS}{_ENDS}", re.IGNORECASE
        ),
    ),
)
MATERIAL_CLAUSES = (
    _make_clause(
        "USEP:{terms}:{figure}%",
        rf"however:?,? {_TERMS},? may (?:also )?be (?:used|incorporated into the set),? {WORTH}(?: of the set)?",
    ),
    _make_clause("NOT:{terms}", rf"however,? {_TERMS} may not be used(?= *\.?$)"),
    _make_clause("USE:{terms}", rf"however,? {_TERMS} may (?:also )?be used(?=[ .;,]*$| *[;,]? (?:- |and ))"),
    _make_clause(
        "MaxNOMX:{terms}:{figure}%",
        rf"(?:the )?value of all (?:the )?materials used, except {_TERMS}, {AT_MOST} {PERCENT} of the {EXW}",
    ),
    _make_clause(
        "MAXM:{terms}:{figure}%",
        rf"(?:the )?(?:total )?value of (?:all )?(?:the |any )?{_TERMS}(?: used)?(?: in production)? {AT_MOST} "
        rf"{PERCENT} of the "
        rf"{EXW}",
    ),
    _make_clause("MAXM:{terms}:{figure}%", rf"of {_TERMS} the value of which {AT_MOST} {PERCENT} of the {EXW}"),
    _make_clause(
        "MINM:{terms}:{figure}%",
        rf"(?:the )?(?:total )?value of (?:all )?the {_TERMS} used exceeds {PERCENT} of the {EXW}",
    ),
    _make_clause(
        "MAXWM:{terms}:{figure}%",
        rf"(?:the )?(?:total |net )*weight of (?:all )?(?:the )?{_TERMS}(?: used)?(?: in production)? {AT_MOST} "
        rf"{PERCENT} of the {_WEIGHT}",
    ),
    _make_clause("WON:{terms}", rf"\ball (?:the )?(?!materials? of){_TERMS}(?: used)? {MUST_BE} wholly obtained"),
    _make_clause(
        "ORIGM:{terms}", rf"\b(?:all |any )?(?:the )?(?!materials? of){_TERMS}(?: used)? {MUST_BE} originating"
    ),
)
# After every other clause of what a product is made from.
MADE_FROM = (
    _make_clause(
        "MAT:{terms}",
        rf"^(?:manufacture|production),? ?:? ?from ?:? {_LIST_OF_TERMS}(?=,? (?:provided|where|in which)\b| "
        rf"*[.;]? *$)",
    ),
)
