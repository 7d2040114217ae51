"""Product-specific rules of origin as classes with figures, parsed from their official sentences.

Only whole clauses that are understood become a class; any remainder of the sentence becomes ``MORE``, so that the
classes never promise more than the rule does. The words for people are composed here from the classes and are not the
official text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MORE = "MORE"
# Separates the alternatives in a rule's list of classes.
OR = "OR"

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]*>|\*+")
_SPACES = re.compile(r"[\s  ]+")
_EXW = r"(?:ex[-\u2010 ]*works?|EXW)(?: ?\(EXW\))? price(?: \(EXW\))?(?: of (?:the|your) (?:products?|goods?))?"
_PERCENT = r"(?P<figure>[0-9]+(?:\.[0-9]+)?) ?%"
_USED = r"(?: used(?: in (?:the|its) (?:production|manufacture)(?: of the (?:good|product))?)?)?"
_NAMES = r"(?:chapters?|headings?|subheadings?) [0-9][0-9. ,toandrhechapsuig]*"


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a rule: how it is written, the abbreviation of its class, and its wording for people."""

    letters: str
    words: str
    pattern: re.Pattern[str]


def _clause(letters: str, words: str, *patterns: str) -> _Clause:
    return _Clause(letters, words, re.compile("|".join(patterns), re.IGNORECASE))


# In order: a clause that would also match inside a longer one comes after it.
_CLAUSES = (
    _clause(
        "TOL",
        "materials of the product's own heading up to {figure} of the ex-works price",
        rf"however,? materials (?:classified )?(?:of|within) the same (?:sub)?heading(?: as the (?:product|good))? "
        rf"may be used,? "
        rf"(?:provided|on condition) (?:that )?(?:their|the) (?:total )?value does not exceed {_PERCENT} of the {_EXW}",
    ),
    _clause(
        "MaxOM",
        "non-originating materials worth no more than the originating ones",
        r"the value of all (?:the )?non-originating materials used does not exceed "
        r"the value of all (?:the )?originating materials used",
    ),
    _clause(
        "MaxNOM",
        "non-originating materials at most {figure} of the ex-works price",
        rf"(?:the )?(?:total )?value of (?:all )?(?:the )?(?:non-originating )?materials{_USED} "
        rf"(?:does|do) not exceed {_PERCENT} of the {_EXW}",
        rf"a maximum of {_PERCENT.replace('figure', 'figure2')} of the {_EXW} "
        r"is made up of non-originating parts(?: \(MAXNOM\))?",
        rf"the maximum value of non-originating materials \(MaxNOM\) cannot exceed "
        rf"{_PERCENT.replace('figure', 'figure3')} of the {_EXW}",
    ),
    _clause(
        "RVC",
        "regional value content of at least {figure}",
        rf"(?:the good has|your goods contain) a regional value content \(RVC\)[^.]{{0,90}}? "
        rf"of (?:not less than|at least) {_PERCENT}"
        r"(?:, whether using the build-up method or build-down method \(RVC[0-9]+\)"
        r"| of the free on board \(FOB\) cost of the goods)?",
    ),
    _clause(
        "CC",
        "change of chapter",
        r"CC: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 2-digit level \(chapter\)",
        r"a change from any other chapter(?= *[.;]?$)",
    ),
    _clause(
        "CTSH",
        "change of subheading",
        r"CTSH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 6-digit level \((?:tariff )?subheading\)",
        r"a change from any other subheading(?= *[.;]?$)",
    ),
    _clause(
        "CTH",
        "change of heading",
        r"CTH: all non-originating materials used in the production of the (?:good|product) have "
        r"undergone a change in tariff classification at the 4-digit level \((?:tariff )?heading\)",
        r"(?:from )?materials of any heading,? except that of the (?:product|good)(?! and)",
        r"all (?:the )?(?:non-originating )?materials used are classified within "
        r"a heading other than that of the (?:product|good)",
        r"a change from any other heading(?= *[.;]?$)",
    ),
    _clause(
        "WO",
        "wholly obtained",
        r"(?:in which )?(?:all )?(?:the )?(?:animals|materials|products|goods?)(?: of (?:this )?" + _NAMES + r")?"
        r"(?: used)? (?:must be|are|is|shall be) wholly obtained(?: or produced)?(?: products?)?",
    ),
    _clause("FAB", "made from fabric", r"^manufacture from fabric(?= *\.?$)"),
    _clause("YARN1", "made from single yarn", r"^manufacture from (?:unbleached )?single yarn(?= *\.?$)"),
    _clause("YARN", "made from yarn", r"^manufacture from yarn(?= *\.?$)"),
    _clause("AH", "made from materials of any heading", r"^manufacture from materials of any heading(?= *\.?$)"),
)
_WORDS = {clause.letters: clause.words for clause in _CLAUSES} | {MORE: "further conditions, see the official rule"}
_ORDER_OF_WORDS = ("WO", "CC", "CTH", "CTSH", "AH", "FAB", "YARN", "YARN1", "TOL", "MaxNOM", "MaxOM", "RVC")
# Words and punctuation between clauses that add nothing to them.
_JOINING = re.compile(
    r"\b(?:manufacture|production|in which|from|and|the|that|all|of|used)\b|[^A-Za-z0-9%]+",
    re.IGNORECASE,
)


def strip_markup(rule: str) -> str:
    """The rule as plain text on one line, without markup, links and character references."""
    text = _LINK.sub(r"\1", html.unescape(rule))
    return _SPACES.sub(" ", _TAG.sub("", text)).strip()


def classify_rule(rule: str) -> tuple[str, ...]:
    """The classes of one rule, such as ``("CTH", "MaxNOM:40%")``; ``MORE`` last where a part is not understood."""
    rest = strip_markup(rule)
    found: list[str] = []
    for clause in _CLAUSES:
        while True:
            match = clause.pattern.search(rest)
            if match is None:
                break
            figure = next((text for text in match.groupdict().values() if text), "")
            letters = f"{clause.letters}:{figure}%" if figure else clause.letters
            if letters not in found:
                found.append(letters)
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    found.sort(key=lambda letters: _ORDER_OF_WORDS.index(letters.partition(":")[0]))
    if not found or _JOINING.sub("", rest):
        found.append(MORE)
    return tuple(found)


def join_classes(alternatives: Iterable[Sequence[str]], *, settled: bool = True) -> tuple[str, ...]:
    """The classes of alternative rules as one list; not ``settled`` where it is not stated how they combine."""
    distinct = list(dict.fromkeys(tuple(each) for each in alternatives))
    words: list[str] = []
    for each in distinct:
        words += [*([OR] if words else []), *each]
    if not settled and len(distinct) > 1 and words[-1] != MORE:
        words.append(MORE)
    return tuple(words)


def describe_classes(classes: Iterable[str]) -> str:
    """The classes in words of our own: ``change of heading, with non-originating materials at most 40% ...``."""
    parts: list[list[str]] = [[]]
    for each in classes:
        letters, _, figure = each.partition(":")
        if letters == OR:
            parts.append([])
        elif letters == MORE and not parts[-1]:
            parts[-1].append("specific processing, see the official rule")
        else:
            parts[-1].append(_WORDS[letters].format(figure=figure))
    return "; or ".join(", with ".join(part) for part in parts if part)
