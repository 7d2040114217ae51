"""Write the packs of the Iraqi tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.official_files.iraq import cabinet_tariff
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.values.refusal import Refusal

_PACK_OF = {
    Kind.DUTY: "tariff",
    Kind.RELIEF: "listed_goods",
    Kind.TAX: "second_rates",
    Kind.PROHIBITION: "prohibitions",
}
_NOTES = {
    "tariff": (
        "The first rate of the table is the duty of decision 957 of 2025, whose tables have it by chapter.",
        "The nomenclature is that of 2017. Of 0407.21, 2919.10, 2920.29 and 3919.10 the table has no line.",
        "Preferences are not in the table.",
    ),
    "listed_goods": (
        "What the decision has at 5% in chapters 84, 85 and 87 no line names: it is claimed, and otherwise open.",
    ),
    "second_rates": (
        "The second rate is in no table of the decision, and what it is for is not stated: it is told and not charged.",
    ),
    "prohibitions": ("Lines that the table marks. Whether the mark is for a season or for good is not stated.",),
}


def write_iraq(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/iq/*``, apart from ``coverage``."""
    tariff = CarriedTariff(
        cabinet_tariff, reference / "iraq" / "iraq_tariff_2026-01.xlsx", "a public workbook, iraq_tariff_2026-01"
    )
    packs = {name: TariffPack(_defaults, notes) for name, notes in _NOTES.items()}
    return write_tariff_packs(tariff, root / "iq", packs, lambda measure: _PACK_OF[measure.kind])


def _defaults(measures: Sequence[Measure]) -> dict[str, str]:
    """The cells that the rules of a pack share; all are of one kind."""
    first = measures[0]
    usual = {
        "territory": cabinet_tariff.TERRITORY,
        "nomenclature": cabinet_tariff.NOMENCLATURE,
        "valid_from": cabinet_tariff.EDITION.isoformat(),
        "reference": "Tariff, {code}",
        "kind": str(first.kind),
        "title": first.title,
    }
    if first.kind.charges:
        usual["currency"] = cabinet_tariff.CURRENCY
    return usual | ({"programme": first.programme} if first.programme else {})
