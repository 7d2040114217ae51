"""19 CFR 102.20 and 102.21: the United States' rules of origin by change of classification, from a structured archive.

The regulation is a work of the United States Government and in the public domain; the archive has its rules as records,
with amendments that the eCFR could not incorporate. What the rules are for is stated in 19 CFR 102.0 and 102.21(a):
``core/origin/scope.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.origin_class import word_rule
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import OriginRule
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import open_archive
from ewtp.gateways.official_files.file_readers import BROKEN, read_json_document, refuse_at_break
from ewtp.gateways.official_files.origin.rule_classes import join_classes, join_products
from ewtp.gateways.official_files.origin.rule_ranges import cut_ranges
from ewtp.gateways.official_files.sentences import NOT_PART_102, ORIGIN_CODE_UNREADABLE
from ewtp.gateways.official_files.us.shift_classes import classify_shift, restate_alternative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

# The schemes by the section that a document of the archive has or amends.
SCHEMES = {"19-CFR-102.20": "US-102.20", "19-CFR-102.21": "US-102.21"}
_RANGE = re.compile(r"[0-9]{4}(?:\.[0-9]{2,4})*(?:-[0-9]{4}(?:\.[0-9]{2,4})*)?\Z")


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """An origin rule for every range of codes with rules of its own; rules have no days of their own.

    Rows refused: ``row_code_unreadable``. Refusal: ``file_not_us_origin_rules``.
    """
    del effective
    documents = _read_documents(path)
    if not any("corpus" in document for document in documents):
        return Refusal(NOT_PART_102, {"file": path.name})
    source = Source(
        "us-19cfr102",
        "19 CFR 102.20 and 102.21: rules of origin by tariff classification",
        "US Customs and Border Protection",
        published,
        retrieved,
        url="https://www.ecfr.gov/current/title-19/chapter-I/part-102",
        licence="public domain",
        carrier="originshift",
    )
    return Importing(source, refuse_at_break(_records(documents, source)))


def _read_documents(path: Path) -> list[dict[str, Any]]:
    """The documents with rules of the two sections, those of the eCFR before amendments; none of another file."""
    documents = []
    try:
        with open_archive(path) as members:
            for name, content in members:
                if PurePath(name).suffix == ".json":
                    document = read_json_document(content)
                    if isinstance(document, dict) and _section_of(document) in SCHEMES:
                        documents.append(document)
    except BROKEN:
        return []
    return sorted(documents, key=lambda document: ("corpus" not in document, str(document.get("overlay"))))


def _section_of(document: Mapping[str, Any]) -> str:
    return str(document.get("corpus") or document.get("extends"))


def _records(documents: Iterable[Mapping[str, Any]], source: Source) -> Iterator[Record | RowRefused]:
    rules: list[OriginRule] = []
    seen: set[tuple[str, str]] = set()
    number = 0
    for document in documents:
        scheme = SCHEMES[_section_of(document)]
        for rule in document["rules"]:
            number += 1
            key = rule["htsus"]
            if (scheme, key) in seen:
                continue
            seen.add((scheme, key))
            scope = [each for each in rule["scope"] if _is_range(each)] or _list_targets(rule)
            if scope:
                rules += _read_rule(scheme, rule, scope, source)
            else:
                yield RowRefused(ORIGIN_CODE_UNREADABLE, row=number, text=key)
    yield from _join_parts(cut_ranges(rules))


def _read_rule(scheme: str, rule: Mapping[str, Any], scope: list[str], source: Source) -> Iterator[OriginRule]:
    """The rules of one row, each for a range of its codes; ``ex`` where it is for a part of the goods alone.

    Alternatives for the same goods hold beside each other on every code that both are for.
    """
    spans: list[tuple[int, int, str, list[tuple[str, ...]]]] = []
    for alternative in map(restate_alternative, rule["alternatives"]):
        target = alternative["target"] or {}
        inside = [each for each in target.get("ranges", []) if _is_range(each) and _lies_in(each, scope)]
        goods = f"{target.get('description') or ''}{target.get('excluding_description') or ''}"
        goods += alternative["condition"] or ""
        classes = classify_shift(alternative, inside or scope)
        for codes in dict.fromkeys(inside or scope):
            first, last = _ends(codes)
            spans.append((int(first), int(last) + 1, goods, classes))
    places = sorted({place for span in spans for place in span[:2]})
    for place, after in pairwise(places):
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for begin, end, goods, classes in spans:
            if begin <= place and after <= end:
                found[goods] += classes
        for goods, classes in found.items():
            yield OriginRule(
                scheme=scheme,
                first=f"{place:010}",
                last=f"{after - 1:010}",
                classes=join_classes(classes),
                text="",
                source=source,
                reference=f"ex {rule['htsus']}" if goods else rule["htsus"],
            )


def _join_parts(rules: Iterable[OriginRule]) -> Iterator[OriginRule]:
    """One rule for each range, with the rules of its different goods."""
    ranges: dict[tuple[str, str, str], list[OriginRule]] = defaultdict(list)
    for rule in rules:
        ranges[(rule.scheme, rule.first, rule.last)].append(rule)
    for (scheme, _, _), found in ranges.items():
        classes = join_products(rule.classes for rule in found)
        key = found[0].reference.removeprefix("ex ")
        reference = f"19 CFR {scheme.removeprefix('US-')}, {key}"
        yield replace(found[0], classes=classes, reference=reference, text=word_rule(reference, classes))


def _list_targets(rule: Mapping[str, Any]) -> list[str]:
    """The codes that the sentences of a row name, whose own column is printed the wrong way round."""
    targets = (each for alternative in rule["alternatives"] for each in (alternative["target"] or {}).get("ranges", []))
    return [each for each in dict.fromkeys(targets) if _is_range(each)]


def _is_range(codes: str) -> bool:
    return bool(_RANGE.match(codes)) and _ends(codes)[0] <= _ends(codes)[1]


def _ends(codes: str) -> tuple[str, str]:
    first, _, last = codes.replace(".", "").partition("-")
    return first.ljust(10, "0"), (last or first).ljust(10, "9")


def _lies_in(codes: str, scope: Iterable[str]) -> bool:
    first, last = _ends(codes)
    return any(low <= first and last <= high for low, high in map(_ends, scope))
