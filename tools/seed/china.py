"""Write the packs of the Chinese tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import EVERY_ORIGIN, Direction, Kind, Measure
from ewtp.gateways.official_files.china import customs_tariff
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_LASTING = (
    "An agreement rate of zero is taken to last: the agreements take duties away step by step and do not bring them "
    "back."
)
_YEARLY = (
    "Agreement rates above zero are those of 2026, and end with the year; what they fall to afterwards is not held."
)
_NOTES = {
    "tariff": (
        "Held: most-favoured-nation rates, and interim rates in their place to the end of 2026.",
        "Rates within tariff quotas are those of the lines that the tariff has for them; volumes are not held.",
        "The duty on a line of cotton outside the quota, set by price, is not held.",
        "Export duties are those of 2026.",
        "Left out: general rates, for origins without most-favoured-nation treatment, which the coverage names.",
    ),
    "agreements": (
        _LASTING,
        "Not in the table, and not held: the Regional Comprehensive Economic Partnership, least developed countries.",
        "Its column for Singapore has what goes beyond the agreement with ASEAN.",
    ),
    "agreements_2026": (_YEARLY,),
    "taxes": (
        "Consumption tax by price of a unit (watches, cosmetics, beer) and that of cigarettes is answered as unknown.",
        "A rate of consumption tax is of a price that includes it; the rules have the share of the value with duty.",
    ),
    "papers": (
        "Conditions on imports only; those on exports are in the file and not held.",
        "Inspection categories V and W were not read.",
        "The catalogue of dual-use items of 2026 names 652 lines; all of them have condition 2, 3 or G.",
    ),
}


def write_china(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/cn/*``, apart from ``coverage``."""
    tariff = CarriedTariff(
        customs_tariff,
        reference / "china" / "china_tariff_2026-07_flat.csv.gz",
        "a public table, china_tariff_2026-07_v2.0.0",
    )
    packs = {name: TariffPack(_defaults, notes) for name, notes in _NOTES.items()}
    return write_tariff_packs(tariff, root / "cn", packs, _pack_of)


def _pack_of(measure: Measure) -> str:
    """The pack of a rule; empty where it would reach nobody, because its group has no members."""
    if measure.kind is Kind.DUTY and measure.direction is Direction.IMPORT:
        return "tariff" if measure.origins.include == (EVERY_ORIGIN,) else ""
    if measure.kind in (Kind.PREFERENCE, Kind.QUOTA):
        return "agreements_2026" if measure.validity.end else "agreements"
    if measure.kind in (Kind.TAX, Kind.EXCISE):
        return "taxes"
    return "tariff" if measure.kind is Kind.DUTY else "papers"


def _defaults(measures: Sequence[Measure]) -> dict[str, str]:
    """The cells that most rules of a pack share."""
    first = next((each for each in measures if each.kind is Kind.TAX), next(iter(measures)))
    usual = {
        "territory": customs_tariff.TERRITORY,
        "nomenclature": customs_tariff.NOMENCLATURE,
        "kind": str(first.kind),
        "valid_from": first.validity.start.isoformat(),
    }
    if first.kind.charges:
        usual |= {"currency": customs_tariff.CURRENCY, "title": first.title, "reference": "Tariff of China, {code}"}
    if first.kind in (Kind.TAX, Kind.EXCISE):
        usual |= {"programme": first.programme, "base": str(first.base)}
    if first.kind in (Kind.PREFERENCE, Kind.QUOTA) and first.validity.end:
        usual |= {"valid_to": first.validity.end.isoformat()}
    if not first.kind.charges:
        usual |= {"agency": first.agency, "stage": first.stage}
    return usual
