"""Write the packs of the Vietnamese tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import EVERY_ORIGIN, Direction, Kind, Measure
from ewtp.gateways.official_files.vietnam import national_tariff
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_NOTES = {
    "tariff": (
        "The table is of 2022-12-30; decrees on duties since then are not in it, nor is chapter 98.",
        "Where several lines of the earlier nomenclature with different rates became one line, the duty is open.",
        "Rates within tariff quotas are held, volumes are not.",
        "Export duties are those for every destination; the lower ones of three agreements are not held.",
        "Left out: ordinary rates, for origins without most-favoured-nation treatment, which the coverage names.",
        "On all but five lines with two figures they are 150% of the other, and 5% or nothing where that is free.",
    ),
    "agreements": (
        "An agreement rate of zero is taken to last: the agreements take duties away step by step.",
        "The agreement of ASEAN with Korea has one rate for all years to 2027; other rates are in the packs beside it.",
        "Not in the table, and not held: the Regional Comprehensive Economic Partnership, Cambodia, Israel.",
    ),
    "agreements_2023": ("Agreement rates above zero, which are those of 2023.",),
    "agreements_later": ("What these rates fell to after 2023 is not held.",),
    "papers": (
        "Of 693 clauses of the import policy 54 ask for a paper or forbid goods; 620 ask for nothing of goods to stay.",
        "Those are lists of risks that customs look at, goods for re-export, exports, and trade remedies.",
        "The other 19 are not read, because they name a list and not what is asked for its goods.",
        "The acts are those of the table; what replaced them since 2022 is not held. Agencies are those of the acts.",
    ),
    "taxes": (
        "Where goods of a line bear different rates of VAT, the highest is charged and the others are named.",
        "The special consumption tax of cars and spirit is answered as unknown.",
        "So is the environment tax, but on coal, and from 2026 on fuels and lubricants of one kind.",
    ),
}


def write_vietnam(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/vn/*``, apart from ``coverage`` and ``partners``."""
    tariff = CarriedTariff(
        national_tariff,
        reference / "vietnam" / "vietnam_tariff_2023-01.csv.gz",
        "a public table, vietnam_tariff_2023-01",
    )
    packs = {name: TariffPack(_defaults, notes) for name, notes in _NOTES.items()}
    return write_tariff_packs(tariff, root / "vn", packs, _pack_of, is_apart=_is_later)


def _is_later(measure: Measure) -> bool:
    """Whether the rule only says that the rate of an agreement is not known after the year of the table."""
    return measure.kind is Kind.PREFERENCE and measure.validity.start > national_tariff.EDITION


def _pack_of(measure: Measure) -> str:
    """The pack of a rule; empty where it would reach nobody, because its group has no members."""
    if measure.kind is Kind.PREFERENCE:
        year = measure.validity.end == national_tariff.YEAR_END
        return "agreements_later" if _is_later(measure) else "agreements_2023" if year else "agreements"
    if measure.kind in (Kind.TAX, Kind.EXCISE):
        return "taxes"
    if not measure.kind.charges:
        return "papers"
    everybody = measure.kind is Kind.QUOTA or measure.origins.include == (EVERY_ORIGIN,)
    return "tariff" if everybody or measure.direction is Direction.EXPORT else ""


def _defaults(measures: Sequence[Measure]) -> dict[str, str]:
    """The cells that most rules of a pack share."""
    first = next(each for each in measures if each.kind not in (Kind.EXCISE, Kind.PROHIBITION))
    place = {
        "territory": national_tariff.TERRITORY,
        "nomenclature": national_tariff.NOMENCLATURE,
        "kind": str(first.kind),
        "valid_from": first.validity.start.isoformat(),
    }
    if not first.kind.charges:
        return place | {"stage": first.stage}
    usual = place | {
        "currency": national_tariff.CURRENCY,
        "title": first.title,
        "reference": "Tariff of Viet Nam, {code}",
    }
    if first.kind is Kind.PREFERENCE and first.validity.end:
        usual |= {"valid_to": first.validity.end.isoformat()}
    if _is_later(first):
        usual |= {"expression": first.expression}
    return usual | ({"programme": first.programme, "base": str(first.base)} if first.kind is Kind.TAX else {})
