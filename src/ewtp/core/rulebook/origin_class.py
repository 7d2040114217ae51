"""The classes in which rules of origin are stated, some with tariff codes or a figure, and their wording for people.

A class is written ``letters[:codes][:share%]``: ``CTH``, ``MaxNOM:40%``, ``WO:01+02``, ``MAX:17:30%``,
``FROM:4101-4103``; or with terms of ``origin_terms``: ``MAT:fibre+pulp``, any of these materials, ``PROC:spin``,
``WON:grape``, ``NOT:scrap@7802``, waste of one heading, ``MAXM:fabric:40%``. All classes of a list hold together, up to
one that separates: ``OR`` before an alternative, ``ELSE`` before the rule for other products of the same codes,
``YEARS:5`` and ``UNTIL:2025-12-31`` before what holds afterwards.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from ewtp.core.rulebook.origin_terms import GOODS, MATERIALS, PROCESSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MORE = "MORE"
# Separates the alternatives in a rule's list of classes, and the rules of different products under the same codes.
OR = "OR"
ELSE = "ELSE"
# The parties had not agreed a rule.
OPEN = "OPEN"

# In the order in which a rule is worded.
_PLAIN = {
    "CC": "change of chapter",
    "CTH": "change of heading",
    "CTSH": "change of subheading",
    "AH": "made from materials of any heading",
    "FAB": "made from fabric",
    "YARN": "made from yarn",
    "YARN1": "made from single yarn",
    "MaxOM": "non-originating materials worth no more than the originating ones",
    OPEN: "not agreed yet",
    "NONE": "the agreement states no rule",
    "OTHER": "another criterion of the agreement",
    "PLUS": "a further condition",
    "PSR": "a rule for the product",
    "SP": "a specific process",
    "NOC": "no change of classification needed",
    "WITHIN": "change within the heading or from another heading",
    "WITHINS": "change within the subheading or from another subheading",
    "TV": "a share being of the transaction value or the ex-works price",
    "FOB": "a share being of the free-on-board value",
    "EITHER": "a share being of the ex-works price or the free-on-board value",
    "CUTSEW": "cut or knit to shape, and sewn or assembled, in a party",
    "SHAPED": "for goods knit to shape that need no assembly",
    "HEAD": "in the head without its motor, non-originating materials worth no more than the originating ones",
    "ARRACK": "arrack up to 5% by volume where all other materials are originating",
    "PLASTIC": "of headings 3901 to 3906 and 3907 to 3911 only the group that predominates by weight being limited",
    "BEASTS": "made from animals of chapter 01, or with all materials of chapter 03 wholly obtained, or both",
    "OUTSIDE": "change of heading from outside the group of headings of the rule",
    "UNPACKED": "more than packaging",
    "NOTE": "the special conditions of the introductory notes",
    # Of these the classes tell the kind and not the name.
    "MATX": "made from a material that the official rule names",
    "PROCX": "a process that the official rule names",
    "ALLOW": "a material that the official rule names may be used",
    "WONX": "materials that the official rule names wholly obtained",
    "BAR": "a material that the official rule names may not be used",
    "FOOT": "a footnote of the official rule",
    "ANNEX": "an appendix of the agreement",
    "QVC": "the standard qualifying value content of the agreement",
    "PRULE": "a process rule of the agreement",
    "QUOTA": "within an annual quota of the agreement",
    "GOODS": "the goods being those that the official rule names",
    "COND": "the goods being as the official rule describes",
    "PROV": "a proviso that the official rule states",
    "NOASM": "no simple assembly",
    "NOGRI": "no assembly under general rule of interpretation 2(a)",
}
_WITH_CODES = {
    "WO": "{codes} wholly obtained",
    "ORIG": "{codes} originating",
    "FROM": "made from materials of {codes}",
    "EX": "not from materials of {codes}",
    "FREE": "materials of {codes} may be used",
    "SELF": "made from other goods of {codes}",
    "APART": "materials of {codes} not counted in",
    "VIA": "a change from {codes} being enough as well",
    "RETAN": "materials of {codes} may be used where they are retanned in the dry state",
    "EXASM": "not from materials of {codes} by simple assembly",
    "EXGRI": "not from materials of {codes} by assembly under general rule of interpretation 2(a)",
    "EXIF": "not from materials of {codes} in a case that the official rule names",
}
# Whose wording says materials itself.
_OF_CODES = frozenset(_WITH_CODES) - {"WO", "ORIG", "VIA"}
_WITH_SHARE = {
    "TOL": "materials of the product's own heading up to {share} of the ex-works price",
    "MaxNOM": "non-originating materials at most {share} of the ex-works price",
    "SAME": "materials of the product's own description up to {share} of the ex-works price",
    "MATXP": "made from materials that the official rule names, one at most {share} of the ex-works price",
    "PROCXP": "a process that the official rule names, with a material at most {share} of the ex-works price",
    "ALLOWP": "a material that the official rule names up to {share} of the ex-works price",
    "RVC": "regional value content of at least {share}",
    "RVCU": "regional value content of at least {share}, built up",
    "RVCD": "regional value content of at least {share}, built down",
    "RVCN": "regional value content of at least {share}, by net cost",
    "QVCP": "qualifying value content of at least {share}",
    "QVCU": "qualifying value content of at least {share}, built up",
    "QVCD": "qualifying value content of at least {share}, built down",
    "NETNOM": "non-originating materials at most {share} of the net cost",
    "POLYMER": "at least {share} by weight of the polymers originating",
    "ACTIVE": "at least {share} by weight of the active ingredients originating",
    "ALCOHOL": "alcohol of non-originating materials at most {share} of the alcohol by volume",
    "TOLW": "materials of the product's own heading up to {share} by weight of the product or of all materials",
    "TOLSW": "materials of the product's own subheading up to {share} by weight of the product or of all materials",
    "TOLS": "materials of the product's own subheading up to {share} of the ex-works price",
    "SET": "each item of a set meets its own rule, other items up to {share} of the ex-works price",
    "UNPRINTED": "unprinted fabric at most {share} of the ex-works price",
}
_WITH_BOTH = {
    "MAX": "materials of {codes} at most {share} of the ex-works price",
    "ORIGW": "materials of {codes} originating for at least {share} by weight",
    "WOIF": "materials of {codes} wholly obtained where they are more than {share} by weight",
    "WOW": "materials of {codes} wholly obtained for at least {share} by weight",
    "MAXW24": "materials of {codes} at most {share} by weight of the materials of chapter 24",
    "MAXW": "materials of {codes} at most {share} by weight",
    "ALSO": "materials of {codes} up to {share} of the ex-works price",
    "RVCFC": "regional value content of at least {share}, of materials of {codes} alone, by the focused value method",
}
# Classes of named materials and processes: the terms that they may have, and the wording of any of them.
_WITH_TERMS = {
    "MAT": (MATERIALS, "made from {terms}"),
    "PROC": (PROCESSES, "{terms}"),
    "THEN": (PROCESSES, "then {terms}"),
    "WON": (MATERIALS, "{terms} wholly obtained"),
    "USE": (MATERIALS, "{terms} may be used"),
    "NOT": (MATERIALS, "{terms} may not be used"),
    "ORIGM": (MATERIALS, "{terms} originating"),
    "FOR": (GOODS, "for goods {terms}"),
}
# Of these all materials are meant, of the others any.
_ALL_OF_THEM = ("WON", "USE", "NOT", "ORIGM", "FOR")
_WITH_TERMS_AND_SHARE = {
    "MAXM": "{terms} at most {share} of the ex-works price",
    "MAXWM": "{terms} at most {share} by weight",
    "MAXWI": "{terms} each at most {share} by weight",
    "MAXWT": "{terms} together at most {share} by weight",
    "ORIGMW": "{terms} originating for at least {share} by weight",
    "MINM": "{terms} more than {share} of the ex-works price",
    "USEP": "{terms} up to {share} of the ex-works price",
    "MaxNOMX": "non-originating materials other than {terms} at most {share} of the ex-works price",
}
# A class that has codes in some rules and none in others, with its wording for none.
_WITHOUT_CODES = {"WO": "wholly obtained", "ORIG": "all materials originating"}
_SHARE = r"[0-9]{1,3}(?:\.[0-9]+)?%"
_CODES = r"[0-9]{2}(?:[0-9]{2}){0,3}(?:-[0-9]{2}(?:[0-9]{2}){0,3})?"
_LIST = rf"{_CODES}(?:\+{_CODES})*"
_TERM = rf"[a-z0-9]+(?:@{_CODES}(?:/{_CODES})*)?"
_TERMS = rf"{_TERM}(?:\+{_TERM})*"
_CLASS = re.compile(
    "(?:"
    rf"(?P<plain>{'|'.join((*_PLAIN, *_WITHOUT_CODES, OR, ELSE, MORE))})"
    rf"|(?P<with_codes>{'|'.join(_WITH_CODES)}):(?P<codes>{_LIST})"
    rf"|(?P<with_share>{'|'.join(_WITH_SHARE)}):(?P<share>{_SHARE})"
    rf"|(?P<with_both>{'|'.join(_WITH_BOTH)}):(?P<limited>{_LIST}):(?P<limit>{_SHARE})"
    rf"|(?P<with_terms>{'|'.join(_WITH_TERMS)}):(?P<terms>{_TERMS})"
    rf"|(?P<terms_share>{'|'.join(_WITH_TERMS_AND_SHARE)}):(?P<some>{_TERMS}):(?P<bound>{_SHARE})"
    r"|YEARS:(?P<years>[0-9]{1,2})|UNTIL:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})|VA(?P<added>[0-9]{1,2})"
    r")\Z"
)
_LEVELS = {
    2: ("chapter", "chapters"),
    4: ("heading", "headings"),
    6: ("subheading", "subheadings"),
    8: ("line", "lines"),
}
_MORE_ALONE = "specific processing, see the official rule"
_MORE_BESIDE = "further conditions, see the official rule"


def share_of_class(text: str) -> Decimal | None:
    """The share of the price, in per cent, that a class allows or asks for; None where it states none."""
    match = _CLASS.match(text)
    found = match and (match["share"] or match["limit"] or match["bound"] or match["added"])
    return Decimal(found.removesuffix("%")) if found else None


def is_origin_class(text: str) -> bool:
    """Whether a rule of origin may state this class, such as ``CTH``, ``MaxNOM:40%``, ``WO:01+02`` or ``VA50``."""
    match = _CLASS.match(text)
    if match is None or not (match["with_terms"] or match["terms_share"]):
        return match is not None
    known = _WITH_TERMS[match["with_terms"]][0] if match["with_terms"] else MATERIALS
    return all(term.partition("@")[0] in known for term in (match["terms"] or match["some"]).split("+"))


def describe_classes(classes: Iterable[str]) -> str:
    """The classes in words of our own: ``change of heading, with non-originating materials at most 40% ...``."""
    return _describe(tuple(classes))


@lru_cache(maxsize=8_192)
def _describe(classes: tuple[str, ...]) -> str:
    rules = list(dict.fromkeys(_describe_rule(rule) for rule in split_classes(classes, ELSE)))
    return rules[0] if len(rules) == 1 else "depending on the product: " + " / ".join(rules)


def _describe_rule(classes: tuple[str, ...]) -> str:
    return "; or ".join(dict.fromkeys(_describe_alternative(each) for each in split_classes(classes, OR)))


def _describe_alternative(classes: tuple[str, ...]) -> str:
    parts: list[str] = []
    words = ""
    for each in classes:
        match = _CLASS.match(each)
        if match is not None and match["years"]:
            words += ", with ".join(parts) + f", in the first {match['years']} years (from when is not held), then "
            parts = []
        elif match is not None and match["day"]:
            words += ", with ".join(parts) + f", until {match['day']}, then "
            parts = []
        elif each == MORE:
            parts.append(_MORE_BESIDE if parts else _MORE_ALONE)
        else:
            parts.append(_describe_class(each))
    return words + ", with ".join(parts)


def _describe_class(text: str) -> str:
    """One class in words; a text of another kind as it is."""
    match = _CLASS.match(text)
    if match is None:
        return text
    if match["plain"]:
        return _WITHOUT_CODES.get(text) or _PLAIN.get(text, text)
    if match["with_codes"]:
        codes = name_codes(match["codes"])
        lead = "" if match["with_codes"] in _OF_CODES else "materials of "
        return _WITH_CODES[match["with_codes"]].format(codes=lead + codes)
    if match["with_share"]:
        return _WITH_SHARE[match["with_share"]].format(share=match["share"])
    if match["with_both"]:
        return _WITH_BOTH[match["with_both"]].format(codes=name_codes(match["limited"]), share=match["limit"])
    if match["with_terms"]:
        known, words = _WITH_TERMS[match["with_terms"]]
        between = ", " if match["with_terms"] in _ALL_OF_THEM else ", or "
        return words.format(terms=between.join(name_term(term, known) for term in match["terms"].split("+")))
    if match["terms_share"]:
        some = ", ".join(name_term(term, MATERIALS) for term in match["some"].split("+"))
        return _WITH_TERMS_AND_SHARE[match["terms_share"]].format(terms=some, share=match["bound"])
    return f"at least {match['added']}% value added"


def name_term(term: str, known: Mapping[str, str]) -> str:
    """A term as a class has it in words: ``scrap@7802`` as ``waste and scrap of heading 7802``."""
    key, _, codes = term.partition("@")
    return known.get(key, key) + (f" of {name_codes(codes.replace('/', '+'))}" if codes else "")


def name_codes(codes: str) -> str:
    """Codes as a class has them in words: ``01+02+2201`` as ``chapters 01, 02, heading 2201``."""
    named = []
    for length, found in groupby(codes.split("+"), key=lambda code: len(code.partition("-")[0])):
        those = list(found)
        several = len(those) > 1 or "-" in those[0]
        named.append(f"{_LEVELS[length][several]} " + ", ".join(code.replace("-", " to ") for code in those))
    return ", ".join(named)


def split_classes(classes: tuple[str, ...], at: str) -> list[tuple[str, ...]]:
    """The classes between the separators, ``OR`` or ``ELSE``; at least one list."""
    parts: list[list[str]] = [[]]
    for each in classes:
        if each == at:
            parts.append([])
        else:
            parts[-1].append(each)
    return [tuple(part) for part in parts if part] or [()]


def word_rule(reference: str, classes: Iterable[str]) -> str:
    """A rule of origin as an answer shows it: where it is stated, and its classes in words."""
    return f"{reference}: {describe_classes(classes)}"


# What tells the kind of a condition and not the material or process that it names.
_KIND_ALONE = (
    *("MATX", "MATXP", "PROCX", "PROCXP", "ALLOW", "ALLOWP", "BAR", "WONX", "FOOT", "ANNEX", "QVC", "PRULE", "QUOTA"),
    *("GOODS", "COND", "PROV", "EXIF"),
)


def find_untold(classes: Iterable[str]) -> tuple[str, ...]:
    """What the classes leave to the official rule, in words: a footnote of it, or a material that it names."""
    words = {
        MORE: _MORE_BESIDE,
        "MATXP": _PLAIN["MATX"],
        "PROCXP": _PLAIN["PROCX"],
        "ALLOWP": _PLAIN["ALLOW"],
        "EXIF": "materials of some codes in a case that the official rule names",
    }
    letters = dict.fromkeys(each.partition(":")[0] for each in classes)
    return tuple(words.get(each) or _PLAIN[each] for each in letters if each == MORE or each in _KIND_ALONE)


class RuleReading(StrEnum):
    """How much of a rule its classes tell: all of it, all but what it names, or a part of it or nothing."""

    WHOLE = "whole"
    KIND = "kind"
    PART = "part"


def find_reading(classes: Iterable[str]) -> RuleReading:
    """How much of their rule the classes tell."""
    letters = {each.partition(":")[0] for each in classes}
    if MORE in letters:
        return RuleReading.PART
    return RuleReading.KIND if letters.intersection(_KIND_ALONE) else RuleReading.WHOLE
