"""Write the packs of the Australian tariff from its official files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.official_files.australia import tariff_pages
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_LOST = (
    "Chapters 28, 30, 32, 33, 35, 37, 50 to 52, 54 to 56, 58 to 62, 72 to 74, 76, 78, 81 and 83 are not in the table, "
    "nor are 70 subheadings of others; no duty of them is held."
)
_LEFT_OUT = (
    "What the list of an agreement leaves out is free (section 16(1) of the Customs Tariff Act 1995). That was read "
    "for the lists of the United States, ASEAN with New Zealand and the CPTPP, and is taken for the others."
)
_USUAL = {
    "territory": tariff_pages.TERRITORY,
    "nomenclature": tariff_pages.NOMENCLATURE,
    "currency": tariff_pages.CURRENCY,
    "valid_from": tariff_pages.EDITION.isoformat(),
    "reference": "Schedule 3, {code}",
}
_PACKS = {
    "tariff": TariffPack(
        lambda _: _USUAL | {"kind": "duty", "title": "Customs duty"},
        (
            _LOST,
            "Amounts on alcohol, tobacco, fuel and lubricants are indexed: what the table prints is told, not charged.",
            "Tariff concession orders and the concessions of schedule 4 are not held.",
        ),
    ),
    "preferences": TariffPack(
        lambda _: _USUAL | {"kind": "preference", "title": "Tariff preference"},
        (
            _LEFT_OUT,
            "A rate that a list dates is the first of several steps; the later ones are missing, and no rate is held.",
            "For developing countries the rates that lines print are held, and no others.",
        ),
    ),
}
_PACK_OF = {Kind.DUTY: "tariff", Kind.PREFERENCE: "preferences"}


def write_australia(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/au/tariff`` and ``rulebook/au/preferences``."""
    tariff = CarriedTariff(
        tariff_pages, reference / "australia" / "tariff-schedule3.json.gz", "a public table, tariff-schedule3"
    )
    return write_tariff_packs(tariff, root / "au", _PACKS, lambda measure: _PACK_OF.get(measure.kind, ""))
