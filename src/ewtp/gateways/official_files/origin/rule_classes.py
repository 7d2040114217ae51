"""Product-specific rules of origin as classes with figures, parsed from their official sentences.

Only whole clauses that are understood become a class; any remainder of the sentence becomes ``MORE``, so that the
classes never promise more than the rule does.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.rulebook.origin_class import ELSE, MORE, OPEN, OR
from ewtp.gateways.official_files.origin.rule_clauses import CLAUSES, KINDS, ONE_CODE
from ewtp.gateways.official_files.origin.term_names import name_materials, name_process

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.gateways.official_files.origin.rule_clauses import Clause

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TAG = re.compile(r"<[^>]*>|\*+")
_HYPHEN = re.compile("[\u2010\u2011]")
# Where an alternative begins inside of a sentence: other uses of the word join materials.
_ALTERNATIVE = re.compile(
    r"\.? or (?=manufacture|spinning|printing|carding|operations|other operations|chemical processing)", re.IGNORECASE
)
_SPACES = re.compile(r"[\s  ]+")
# In the order in which a rule is worded.
_ORDER_OF_CLASSES = (
    "WO WON WONX ORIG CC CTH CTSH AH EX FROM FAB YARN YARN1 MAT PROC UNPRINTED MATX MATXP PROCX PROCXP BAR ALLOW "
    f"ALLOWP FREE ORIGW SAME TOL ALSO MAX MAXW MaxNOM MaxOM RVC SET {OPEN} NONE"
).split()
# An abbreviation of what the clause before it states in words.
_ABBREVIATED = re.compile(r"\((?:MaxNOM|RVC) ?[0-9.]+ ?% \((?:EXW|FOB)\)\)|\[\]", re.IGNORECASE)
# Words and punctuation between clauses that add nothing to them.
_JOINING = re.compile(
    r"\b(?:manufacture|production|in which|from|and|the|that|all|of|used|provided(?: that)?|further to|but|any|however"
    r"|where|when)\b|[^A-Za-z0-9%]+",
    re.IGNORECASE,
)


def strip_markup(rule: str) -> str:
    """The rule as plain text on one line, without markup, links and character references."""
    text = _LINK.sub(r"\1", html.unescape(rule))
    return _SPACES.sub(" ", _HYPHEN.sub("-", _TAG.sub("", text))).strip()


def classify_rule(rule: str) -> tuple[str, ...]:
    """The classes of one rule, such as ``("CTH", "MaxNOM:40%")``; ``MORE`` last where a part is not understood."""
    rest = _ABBREVIATED.sub("", strip_markup(rule)).strip()
    named = name_materials(rest) or name_process(rest)
    if named:
        return (named,)
    found: list[str] = []
    for clause in CLAUSES:
        while (match := _first_match(clause, rest)) is not None:
            found += [each for each in _classes_of(clause, match) if each not in found]
            rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    if not found:
        kind = next(((words, match) for words, pattern in KINDS if (match := pattern.fullmatch(rest))), None)
        if kind is not None:
            found, rest = [_word_class(*kind)], ""
    found.sort(key=lambda each: _ORDER_OF_CLASSES.index(each.partition(":")[0]))
    if not found or _JOINING.sub("", rest):
        found.append(MORE)
    return tuple(found)


# Agreements repeat their sentences: an archive of 40,000 rules has 4,300.
@lru_cache(maxsize=8_192)
def classify_alternatives(rule: str) -> tuple[str, ...]:
    """The classes of a rule whose sentence itself may hold alternatives."""
    return join_classes(classify_rule(each.strip(" .")) for each in _ALTERNATIVE.split(strip_markup(rule)))


def _first_match(clause: Clause, text: str) -> re.Match[str] | None:
    return next((match for pattern in clause.patterns if (match := pattern.search(text))), None)


def _classes_of(clause: Clause, match: re.Match[str]) -> list[str]:
    return _word_class(clause.classes, match).split()


def _word_class(words: str, match: re.Match[str]) -> str:
    groups = match.groupdict()
    figure = (groups.get("figure") or "").replace(",", ".")
    return words.format(figure=figure, codes=list_codes(groups.get("codes") or ""))


def list_codes(text: str) -> str:
    """The chapters, headings and subheadings that a text names, as a class has them: ``01+02``, ``4101-4103``."""
    codes: list[str] = []
    for match in ONE_CODE.finditer(text):
        digits = match["code"].replace(".", "")
        digits = digits.zfill(len(digits) + len(digits) % 2)
        if match["to"] and codes:
            codes[-1] += f"-{digits}"
        else:
            codes.append(digits)
    return "+".join(sorted(dict.fromkeys(codes), key=lambda code: (len(code.partition("-")[0]), code)))


def join_classes(alternatives: Iterable[Sequence[str]], *, settled: bool = True) -> tuple[str, ...]:
    """The classes of alternative rules as one list; not ``settled`` where it is not stated how they combine."""
    distinct = list(dict.fromkeys(tuple(each) for each in alternatives))
    words: list[str] = []
    for each in distinct:
        words += [*([OR] if words else []), *each]
    if not settled and len(distinct) > 1 and words[-1] != MORE:
        words.append(MORE)
    return tuple(words)


def join_products(rules: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The classes of rules for different products under the same codes as one list, each rule once."""
    words: list[str] = []
    for each in dict.fromkeys(tuple(rule) for rule in rules):
        words += [*([ELSE] if words else []), *each]
    return tuple(words)
