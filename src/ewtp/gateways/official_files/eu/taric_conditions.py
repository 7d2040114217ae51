"""Conditions of the European Union's tariff measures (TARIC): which papers a preference asks for, by code and origin.

A semicolon-separated table: goods code, origin, type of measure, letter of the condition, place in it, certificate. Of
one letter any certificate is enough, and every letter has to be met. Read are preferences (type 142) of origins with an
agreement in the rulebook. The table of exclusions is read where it lies beside the other: an economy that is left out
of a group's preference is asked for nothing by it. The other types are of measures that are not in the rulebook.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, ConditionKind, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eu.agreement_rules import RATES_NOT_HELD, TERRITORY, read_agreements
from ewtp.gateways.official_files.file_readers import open_text, read_csv_header, refuse_at_break
from ewtp.gateways.official_files.sentences import CONDITION_CODE_UNREADABLE, NOT_MEASURE_CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

NOMENCLATURE = "CN2020"
_NEEDED = {"Goods code", "Origin code", "Meas. type code", "Meas. cond", "Certificate", "Cond. amount", "Meas. unit"}
_PREFERENCE = "142"
# The edition of the table; it states no days.
_FIRST_DAY = date(2025, 10, 1)
_EXCLUSIONS = ("conditions", "exclusions")
_CODE_DIGITS, _LINE_DIGITS = 10, 8
_SOME_GOODS = ", for some goods of the code"
# The papers that one measure asks for: alternatives, by the letter of the condition.
_AskedFor = tuple[tuple[str, ...], ...]


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """A preference without a rate for every code and agreement with conditions, whose papers it names.

    Holds from ``effective``, or from the edition's day. Rows refused: ``row_code_unreadable``. Refusals:
    ``file_not_eu_measure_conditions``, ``file_unreadable``.
    """
    header = read_csv_header(path)
    if isinstance(header, Refusal):
        return header
    if not set(";".join(header).split(";")) >= _NEEDED:
        return Refusal(NOT_MEASURE_CONDITIONS, {"file": path.name})
    source = Source(
        "eu-measure-conditions",
        "TARIC: conditions and excluded origins of tariff measures",
        "European Commission",
        published,
        retrieved,
    )
    validity = Period(effective or _FIRST_DAY)
    return Importing(source, refuse_at_break(_records(path, source, validity)))


def _records(path: Path, source: Source, validity: Period) -> Iterator[Record | RowRefused]:
    asked: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for number, row in enumerate(_read_rows(path), 2):
        if row["Meas. type code"] != _PREFERENCE:
            continue
        code = row["Goods code"]
        if len(code) != _CODE_DIGITS or not code.isdigit():
            yield RowRefused(CONDITION_CODE_UNREADABLE, row=number, text=code)
            continue
        paper = name_paper(row)
        if paper:
            asked[code, row["Origin code"]][row["Meas. cond"]].append(paper)
    papers = _group_papers(asked, _read_exclusions(path))
    for (group, code), by_economy in papers:
        yield Measure(
            id=f"{TERRITORY}-preference-{code}-{group}-{validity.start}",
            territory=TERRITORY,
            kind=Kind.PREFERENCE,
            product=Product(NOMENCLATURE, code),
            validity=validity,
            source=source,
            reference="measure type 142",
            title="Tariff preference",
            origins=Origins((group,)),
            expression=RATES_NOT_HELD,
            currency="EUR",
            conditions=tuple(Condition(ConditionKind.PROOF, words) for words in word_group(group, by_economy)),
        )


def _group_papers(
    asked: Mapping[tuple[str, str], Mapping[str, Iterable[str]]], excluded: Mapping[tuple[str, str], set[str]]
) -> Iterator[tuple[tuple[str, str], Mapping[str, Mapping[_AskedFor, bool]]]]:
    """The papers by agreement and code, and of each by economy; those of a shorter code are for a longer one too."""
    papers: dict[tuple[str, str], dict[str, dict[_AskedFor, bool]]] = defaultdict(lambda: defaultdict(dict))
    for (code, origin), letters in asked.items():
        found = tuple(tuple(dict.fromkeys(letters[letter])) for letter in sorted(letters))
        short = shorten_code(code)
        for economy in _economies_of(origin):
            if economy not in excluded.get((code, origin), ()) and economy in _groups():
                named = papers[_groups()[economy], short[:_LINE_DIGITS]][economy]
                named[found] = named.get(found, True) and len(short) > _LINE_DIGITS
    for (group, code), by_economy in sorted(papers.items()):
        for length in range(2, len(code), 2):
            for economy, above in papers.get((group, code[:length]), {}).items():
                own = by_economy[economy]
                own.update({each: some for each, some in above.items() if each not in own})
        yield (group, code), by_economy


def word_group(group: str, by_economy: Mapping[str, Mapping[_AskedFor, bool]]) -> Iterator[str]:
    """The papers that the members of a group are asked for, with the members where not all are asked for the same.

    Papers are by whether they are for a subdivision of a line alone.
    """
    members: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for economy, found in sorted(by_economy.items()):
        members[word_papers(found, _SOME_GOODS if all(found.values()) else "")].append(economy)
    everyone = {economy for economy, name in _groups().items() if name == group}
    for papers, economies in sorted(members.items()):
        whose = "" if set(economies) == everyone else f"goods of {' and '.join(economies)}: "
        yield from (f"{whose}{paper}" for paper in papers)


def word_papers(found: Iterable[_AskedFor], part: str = "") -> tuple[str, ...]:
    """The papers in words, one text for each that has to be shown; of several measures any is enough."""
    measures = sorted(found)
    if len(measures) == 1:
        return tuple(" or ".join(alternatives) + part for alternatives in measures[0])
    return (" or ".join(dict.fromkeys(" and ".join(" or ".join(a) for a in each) for each in measures)) + part,)


def name_paper(row: Mapping[str, str]) -> str:
    """The certificate of a row by code and name, a quantity up to which none is needed, or empty."""
    certificate = row["Certificate"].strip()
    if certificate:
        name = _tables()["certificates"].get(certificate)
        return f"{certificate} ({name})" if name else f"{certificate} (a code whose name is not held)"
    if row["Cond. amount"]:
        return f"no paper up to {row['Cond. amount']} {row['Meas. unit']}"
    return ""


def shorten_code(code: str) -> str:
    """Ten digits without the zeros that stand for all goods below a shorter code."""
    while len(code) > 2 and code.endswith("00"):  # noqa: PLR2004 - the digits of a chapter
        code = code[:-2]
    return code


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    with open_text(path) as stream:
        yield from csv.DictReader(stream, delimiter=";")


def _read_exclusions(path: Path) -> dict[tuple[str, str], set[str]]:
    """The economies that a preference leaves out, by code and origin; none where there is no such table."""
    excluded: dict[tuple[str, str], set[str]] = defaultdict(set)
    beside = path.with_name(path.name.replace(*_EXCLUSIONS))
    if beside != path and beside.exists():
        for row in _read_rows(beside):
            if row["Meas. type code"] == _PREFERENCE:
                excluded[row["Goods code"], row["Origin code"]].add(row["Excluded country"])
    return excluded


def _economies_of(origin: str) -> tuple[str, ...]:
    tables = _tables()
    return tuple(str(tables["groups"].get(origin, tables["economies"].get(origin, origin))).split())


@cache
def _groups() -> dict[str, str]:
    """The agreement of each economy."""
    return {
        economy: f"{TERRITORY}-{name}"
        for name, agreement in read_agreements().items()
        for economy in str(agreement["economies"]).split()
    }


@cache
def _tables() -> dict[str, Any]:
    text = files(__package__).joinpath("certificates.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    return tables
