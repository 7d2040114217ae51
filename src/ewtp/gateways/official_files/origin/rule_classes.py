"""Product-specific rules of origin as classes with figures, parsed from their official sentences.

Only whole clauses that are understood become a class; any remainder of the sentence becomes ``MORE``, so that the
classes never promise more than the rule does.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ewtp.core.rulebook.origin_class import ELSE, MORE, OPEN, OR
from ewtp.gateways.official_files.origin.condition_clauses import BEFORE_PROCESSES, CONDITIONS
from ewtp.gateways.official_files.origin.material_clauses import EXCEPTIONS, MADE_FROM, MATERIAL_CLAUSES, MaterialClause
from ewtp.gateways.official_files.origin.process_names import name_process, read_processes
from ewtp.gateways.official_files.origin.rule_clauses import CLAUSES, KINDS, KINDS_OF_CLAUSES, list_codes
from ewtp.gateways.official_files.origin.rule_text import split_alternatives, tidy_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ewtp.gateways.official_files.origin.rule_clauses import Clause

# In the order in which a rule is worded.
_ORDER_OF_CLASSES = (
    "WO WON WONX WOW WOIF ORIG ORIGM ORIGMW POLYMER ACTIVE BEASTS CC CTH CTSH OUTSIDE AH WITHIN WITHINS VIA "
    "NOC SHAPED CUTSEW "
    "UNPACKED MAT EX NOT APART FROM FAB YARN YARN1 PROC THEN MATX MATXP PROCX PROCXP BAR USE USEP ALLOW "
    "ALLOWP FREE RETAN ORIGW "
    "SAME TOL TOLS TOLW TOLSW ALSO MAX MAXM MINM MAXW MAXW24 MAXWI MAXWM MAXWT ALCOHOL MaxNOM MaxNOMX NETNOM "
    "HEAD MaxOM "
    "ARRACK PLASTIC RVC RVCU RVCD RVCN RVCFC QVC QVCP QVCU QVCD PRULE QUOTA ANNEX TV FOB EITHER SET "
    f"{OPEN} NONE NOTE FOOT"
).split()
# An abbreviation of what the clause before it states in words.
_ABBREVIATED = re.compile(r"\((?:MaxNOM|RVC) ?[0-9.]+ ?% \((?:EXW|FOB)\)\)|\[\]", re.IGNORECASE)
# Where the processes of a rule end and a limit begins.
_PROVIDED = re.compile(
    r",? (?:provided(?: that)?|where|in which)(?= (?:the|their) )| (?=the value of which)", re.IGNORECASE
)
_CLAUSES = (*CONDITIONS, *EXCEPTIONS, *CLAUSES, *MATERIAL_CLAUSES, *KINDS_OF_CLAUSES, *MADE_FROM)
# Words and punctuation between clauses that add nothing to them.
_JOINING = re.compile(
    r"\b(?:manufacture|production|in which|from|and|the|that|all|of|used|provided(?: that)?|further "
    r"to|but|any|however"
    r"|where|when)\b|[^A-Za-z0-9%]+",
    re.IGNORECASE,
)


def classify_rule(rule: str) -> tuple[str, ...]:
    """The classes of one rule, such as ``("CTH", "MaxNOM:40%")``; ``MORE`` last where a part is not understood."""
    text, marks = tidy_rule(rule)
    rest = _ABBREVIATED.sub("", text).strip()
    named = name_process(rest)
    if named:
        return (named, *marks)
    found: list[str] = []
    rest = _take_clauses(BEFORE_PROCESSES, rest, found)
    rest = _take_clauses(_CLAUSES, _take_process(rest, found), found)
    if not found:
        kind = next(((words, match) for words, pattern in KINDS if (match := pattern.fullmatch(rest))), None)
        if kind is not None:
            found, rest = [_word_class(*kind)], ""
    found += marks
    found.sort(key=lambda each: _ORDER_OF_CLASSES.index(each.partition(":")[0]))
    if not found or _JOINING.sub("", rest):
        found.append(MORE)
    return tuple(found)


# Agreements repeat their sentences: an archive of 40,000 rules has 4,300.
@lru_cache(maxsize=8_192)
def classify_alternatives(rule: str) -> tuple[str, ...]:
    """The classes of a rule whose sentence itself may hold alternatives."""
    return join_classes(classify_rule(each) for each in split_alternatives(rule))


def _take_clauses(clauses: Iterable[Clause | MaterialClause], text: str, found: list[str]) -> str:
    """The text without the clauses that are read, whose classes are added to ``found``."""
    for clause in clauses:
        while (read := _read_clause(clause, text)) is not None:
            match, classes = read
            found += [each for each in classes if each not in found]
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _read_clause(clause: Clause | MaterialClause, text: str) -> tuple[re.Match[str], list[str]] | None:
    if isinstance(clause, MaterialClause):
        return clause.read(text)
    match = next((match for pattern in clause.patterns if (match := pattern.search(text))), None)
    return None if match is None else (match, _word_class(clause.classes, match).split())


def _take_process(text: str, found: list[str]) -> str:
    """The text without the processes with which it begins, whose classes are added to ``found``."""
    limit = _PROVIDED.search(text)
    head, rest = (text[: limit.start()], text[limit.end() :]) if limit else (text, "")
    classes = read_processes(head)
    if not classes:
        return text
    found += classes
    return rest


def _word_class(words: str, match: re.Match[str]) -> str:
    groups = match.groupdict()
    figure, codes = (groups.get("figure") or "").replace(",", "."), list_codes(groups.get("codes") or "")
    return words.format(figure=figure, codes=codes, terms=codes.replace("+", "/"))


def join_classes(alternatives: Iterable[Sequence[str]], *, settled: bool = True) -> tuple[str, ...]:
    """The classes of alternative rules as one list; not ``settled`` where it is not stated how they combine."""
    distinct = list(dict.fromkeys(tuple(each) for each in alternatives))
    settled = settled or len(distinct) == 1
    words: list[str] = []
    for each in distinct:
        words += [*([OR] if words else []), *each, *([] if settled or MORE in each else [MORE])]
    return tuple(words)


def join_products(rules: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The classes of rules for different products under the same codes as one list, each rule once."""
    words: list[str] = []
    for each in dict.fromkeys(tuple(rule) for rule in rules):
        words += [*([ELSE] if words else []), *each]
    return tuple(words)
