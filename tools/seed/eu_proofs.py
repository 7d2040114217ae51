"""Write the pack of the papers that the European Union's preferences ask for, by code and origin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Origins, Product
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eu import taric_conditions
from ewtp.gateways.official_files.eu.agreement_rules import RATES_NOT_HELD
from ewtp.gateways.official_files.uk import global_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import TariffLine

_RETRIEVED = date(2026, 11, 29)
_PUBLISHED = date(2025, 10, 1)


def write_eu_proofs(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/eu/preference_proofs``; the Refusal of an importer where a file is missing or broken."""
    table = reference / "eu_taric" / "taric_measure_conditions_2025-10.csv.gz"
    tariff = reference / "gb_eu" / "global-uk-tariff_ukgt-and-eu-cet.csv.gz"
    conditions = gather(taric_conditions.read(table, retrieved=_RETRIEVED, published=_PUBLISHED))
    schedule = gather(global_tariff.read(tariff, retrieved=_RETRIEVED, territory="EU"))
    if isinstance(conditions, Refusal):
        return conditions
    if isinstance(schedule, Refusal):
        return schedule
    write_pack(
        root / "eu" / "preference_proofs",
        source=conditions.source,
        defaults={
            "territory": "EU",
            "nomenclature": taric_conditions.NOMENCLATURE,
            "currency": "EUR",
            "kind": "preference",
            "title": "Tariff preference",
            "valid_from": "2025-10-01",
            "reference": "measure type 142",
            "expression": RATES_NOT_HELD,
        },
        measures=share_headings(_by_line(conditions.measures, schedule.lines), schedule.lines),
        notes=(
            "Of 29,612 conditions those of preferences (type 142) of the rulebook's agreements are held.",
            "Conditions of other measures are not held, as those are not: quotas, end use, suspensions, anti-dumping.",
            "Preferences for goods of the Union on their return (1006 CETA, 1007 Switzerland) are not held either,",
            "nor those of the group 1098, whose members no source here lists for the Union.",
            "Codes of 2025 that the schedule of 2020 does not have, such as 08039011 for bananas, are left out.",
            "The table names certificates by code; what a code means is in two lists that certificates.yaml cites.",
            "Most agreements' proofs are no condition in the tariff: where none is named here, one is still asked for.",
        ),
    )
    return None


def _by_line(measures: Iterable[Measure], lines: Sequence[TariffLine]) -> Iterator[Measure]:
    """The measure of the longest code on each line of the schedule, for each agreement."""
    found: dict[tuple[str, Origins], Measure] = {}
    codes = sorted({line.code for line in lines})
    for measure in sorted(measures, key=lambda each: len(each.product.prefix)):
        for code in codes:
            if code.startswith(measure.product.prefix):
                found[code, measure.origins] = replace(measure, product=Product(measure.product.nomenclature, code))
    yield from found.values()
