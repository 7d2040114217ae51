"""Rule sets of product-specific rules of origin, as the trade tariff of the United Kingdom publishes them.

A rule set is a range of ten-digit codes with one or more rules as official sentences; a JSON document has the sets of
one scheme, and an archive those of many.
"""

from __future__ import annotations

import re
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.origin_class import MORE
from ewtp.core.rulebook.records import RowRefused
from ewtp.core.rulebook.territory import OriginRule
from ewtp.gateways.official_files.archive_reader import open_archive
from ewtp.gateways.official_files.file_readers import BROKEN, read_json_document
from ewtp.gateways.official_files.origin.rule_classes import classify_alternatives, join_classes
from ewtp.gateways.official_files.origin.rule_text import strip_markup
from ewtp.gateways.official_files.sentences import RULE_EMPTY, RULE_RANGE_UNREADABLE
from ewtp.gateways.official_files.uk.cells import quote_cells, tidy_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.records import Record

_CODE = re.compile(r"[0-9]{10}\Z")
# The first step of a list inside of a rule, and a further step that stands as a rule of its own.
_FIRST_STEP = re.compile(
    r"(?P<lead>.*? not less than:(?= ?(?:- )?a\) )|.*? does not exceed(?=: - [0-9])):? ?(?:- )?(?:a\) )?(?P<rest>.*)"
)
_STEP = re.compile(r"(?:- [b-d]\) |(?=[0-9.]+% of the net cost))(?P<rest>.*)")
# The rule before it goes on.
_GOES_ON = re.compile(r"However\b")
# A rule that continues another, or is for some of the goods or some of the time alone.
_PART_OF_RULE = re.compile(
    r"\(|(?:However|Except|Followed|Only|Where|If|Note|For|The total weight|Substances|Chopped"
    r"|Other\b(?! operations))\b"
    r"|.*(?:\band$|; and$|until [0-9]|[Ff]or goods|\bLDC|any other (?:good|product) of)"
)


def is_archive(path: Path) -> bool:
    """Whether the file is an archive that holds a JSON document, or may be a broken one."""
    try:
        with open_archive(path) as members:
            return any(name.endswith(".json") for name, _ in members)
    except BROKEN:
        # A broken archive is still opened as one: the stream then tells how far it could be read.
        return tarfile.is_tarfile(path)


def read_rule_archive(
    path: Path, scheme_of: Callable[[str], str], source: Source, *, keep_empty: bool = False
) -> Iterator[Record | RowRefused]:
    """The rules of every document; ``scheme_of`` names the scheme of a document by its name, empty to leave it out."""
    number = 0
    with open_archive(path) as members:
        for name, content in members:
            scheme = scheme_of(Path(name).stem) if name.endswith(".json") else ""
            if not scheme:
                continue
            document = read_json_document(content)
            sets = document.get("rule_sets", []) if isinstance(document, dict) else []
            yield from read_sets(scheme, sets, number, source, keep_empty=keep_empty)
            number += len(sets)


def read_sets(
    scheme: str, sets: Iterable[Mapping[str, Any]], before: int, source: Source, *, keep_empty: bool = False
) -> Iterator[Record | RowRefused]:
    """The rules of a scheme, one for each set; rows are counted on from ``before``.

    A set without a rule is refused, or with ``keep_empty`` a rule of which nothing is told.

    Rows refused: ``rule_range_unreadable``, ``rule_empty``.
    """
    for number, each in enumerate(sets, start=before + 1):
        first, last = tidy_text(each.get("min")), tidy_text(each.get("max"))
        heading = tidy_text(each.get("heading"))
        if not _CODE.match(first) or not _CODE.match(last) or last < first:
            yield RowRefused(RULE_RANGE_UNREADABLE, row=number, text=quote_cells(scheme, heading, first, last))
            continue
        rules = [rule for rule in each.get("rules", []) if tidy_text(rule.get("rule"))]
        if not rules and not keep_empty:
            yield RowRefused(RULE_EMPTY, row=number, text=quote_cells(scheme, heading))
            continue
        texts, settled = join_fragments(rules)
        link = "; or " if settled else "; "
        where = " - ".join(part for part in (heading, strip_markup(tidy_text(each.get("subdivision")))) if part)
        yield OriginRule(
            scheme=scheme,
            first=first,
            last=last,
            classes=join_classes(map(classify_alternatives, texts), settled=settled) or (MORE,),
            text=f"{where}: " + link.join(map(strip_markup, texts)),
            source=source,
            reference=heading,
        )


def join_fragments(rules: Sequence[Mapping[str, Any]]) -> tuple[list[str], bool]:
    """The rules of a set as whole sentences, and whether it is known that they are alternatives.

    A further step of a list, ``b) 40%``, repeats the beginning of the rule before it. The archives join rules with
    ``or`` and never with ``and``: conditions that hold together are written in one rule, and whole rules without a word
    between them are alternatives. The second rule is one with the first where it begins with ``However``. Other rules
    that continue the one before, or name the goods that they are for, are not alternatives, even where the archive has
    ``or`` before them.
    """
    texts: list[str] = []
    lead = ""
    for rule in rules:
        text = strip_markup(rule["rule"])
        first = _FIRST_STEP.match(text)
        step = first or _STEP.match(text)
        lead = first["lead"] if first else lead if step else ""
        texts.append(f"{lead} {step['rest']}" if step and lead else rule["rule"])
    if len(texts) > 1 and _GOES_ON.match(strip_markup(texts[1])) and rules[1].get("operator") != "or":
        texts[:2] = [f"{texts[0].rstrip(' .')}. {texts[1]}"]
        rules = rules[1:]
    plain = [strip_markup(text) for text in texts]
    whole = not any(_PART_OF_RULE.match(text) for text in plain[1:])
    stated = all(rule.get("operator") == "or" for rule in rules[1:])
    return texts, whole and (stated or (_PART_OF_RULE.match(plain[0]) is None and all(t[:1].isupper() for t in plain)))
