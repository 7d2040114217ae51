"""The European Union's rules of origin: an archive of rule sets in the form of the United Kingdom's.

Agreements and their parties are in ``origin_schemes.yaml``. Fourteen agreements have the same rules to the byte, those
of the Pan-Euro-Mediterranean convention before its revision, which are read once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing
from ewtp.core.rulebook.territory import Group, Membership, OriginRule
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import refuse_at_break
from ewtp.gateways.official_files.origin.rule_ranges import cut_ranges
from ewtp.gateways.official_files.origin.rule_sets import is_archive, read_rule_archive
from ewtp.gateways.official_files.sentences import NOT_EU_ORIGIN_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.rulebook.records import Record, RowRefused

TERRITORY = "EU"
_PEM, _PEM_DOCUMENT = "pem", "albania"
# The tariff of the Union in the rulebook begins on this day, and all but one of the agreements were in force before it.
_FIRST_DAY = date(2021, 1, 1)
# A heading or subheading as a rule set cites it.
_HEADING = re.compile(r"(?<![0-9])(?:[0-9]{4}\.[0-9]{2}|[0-9]{2}\.[0-9]{2}|[0-9]{6}|[0-9]{4})(?![0-9])")
RATES_NOT_HELD = "preferential rate, not in this rulebook"


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The origin rules of an archive of rule sets; rules have no days of their own.

    Rows refused: ``rule_range_unreadable``. Refusal: ``file_not_eu_origin_rules``.
    """
    del effective
    if not (path.name.endswith((".tar.gz", ".tgz", ".tar")) and is_archive(path)):
        return Refusal(NOT_EU_ORIGIN_RULES, {"file": path.name})
    source = Source(
        "eu-origin-rules",
        "EU rules of origin: product-specific rules of its agreements, as of August 2023",
        "European Commission",
        published,
        retrieved,
        carrier="a public collection in the form of the UK's rule sets",
    )
    return Importing(source, refuse_at_break(_records(path, source)))


def _records(path: Path, source: Source) -> Iterator[Record | RowRefused]:
    rules: list[OriginRule] = []
    for record in read_rule_archive(path, _scheme_of, source, keep_empty=True):
        if isinstance(record, OriginRule):
            rules.append(_end_at_heading(record))
        else:
            yield record
    # A set without a rule leads to those of its subdivisions; alone it is a rule that the archive does not have.
    told = {(rule.scheme, rule.first, rule.last) for rule in rules if not _is_empty(rule)}
    yield from cut_ranges(r for r in rules if not (_is_empty(r) and (r.scheme, r.first, r.last) in told))


def _is_empty(rule: OriginRule) -> bool:
    return rule.text.endswith(": ")


def _end_at_heading(rule: OriginRule) -> OriginRule:
    """The rule with its range ended at the last code of its heading.

    The archive ends the range of a heading with a zero at its end nine headings later: ``8710`` at ``8719999999``.
    """
    codes = [code.replace(".", "") for code in _HEADING.findall(rule.reference)]
    end = codes[-1].ljust(len(rule.last), "9") if codes else rule.last
    return replace(rule, last=end) if rule.first <= end < rule.last else rule


def _scheme_of(document: str) -> str:
    """The scheme of a document's rules; empty where another document has them, or no source lists the parties."""
    agreement = read_agreements().get(document)
    if agreement is None:
        return ""
    if "rules" not in agreement:
        return f"{TERRITORY}-{document}"
    return f"{TERRITORY}-{_PEM}" if document == _PEM_DOCUMENT else ""


@cache
def read_agreements() -> dict[str, dict[str, Any]]:
    """The agreements by the name of their document in the archive."""
    text = files(__package__).joinpath("origin_schemes.yaml").read_text(encoding="utf-8")
    agreements: dict[str, dict[str, Any]] = yaml.safe_load(text)["agreements"]
    return agreements


def make_groups(parties: Source, later: Source, nomenclature: str) -> Iterator[Group | Measure]:
    """A group for each agreement, and a preference without a rate, so that an answer names the agreement.

    ``parties`` is the source of the parties of treaties with a number, ``later`` that of the others.
    """
    for name, agreement in sorted(read_agreements().items()):
        treaty = agreement.get("treaty")
        source, reference = (parties, f"treaty {treaty}") if treaty else (later, f"from {agreement['from']}")
        validity = Period(agreement.get("from", _FIRST_DAY))
        group = f"{TERRITORY}-{name}"
        yield Group(
            id=group,
            title=f"EU preference: {agreement['title']}",
            members=tuple(Membership(economy, validity) for economy in _economies(agreement)),
            source=source,
            reference=reference,
            origin_scheme=f"{TERRITORY}-{agreement.get('rules', name)}",
        )
        yield Measure(
            id=f"{TERRITORY}-preference-all-{group}-{validity.start}",
            territory=TERRITORY,
            kind=Kind.PREFERENCE,
            product=Product(nomenclature, ""),
            validity=validity,
            source=source,
            reference=reference,
            title="Tariff preference",
            origins=Origins((group,)),
            expression=RATES_NOT_HELD,
            currency="EUR",
        )


def _economies(agreement: dict[str, Any]) -> list[str]:
    # YAML reads Norway's code alone as a truth value; in a list of codes it stays text.
    return str(agreement["economies"]).split()
