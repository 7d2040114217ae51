"""Write the pack of the Chilean tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.gateways.official_files.chile import tariff_rows
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_DEFAULTS = {
    "territory": tariff_rows.TERRITORY,
    "nomenclature": tariff_rows.NOMENCLATURE,
    "currency": tariff_rows.CURRENCY,
    "kind": "duty",
    "title": "Customs duty",
    "valid_from": tariff_rows.EDITION.isoformat(),
    "reference": "Arancel, {code}",
}
_PACK = TariffPack(
    lambda _: _DEFAULTS,
    (
        "The edition is of 2022: changes since then are not held.",
        "Of eighteen subheadings the table has no line; no duty of them is held.",
        "Treatments of importers and uses (section 0) are not held, and no rate of an agreement is in the table.",
    ),
)


def write_chile(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/cl/tariff``."""
    tariff = CarriedTariff(
        tariff_rows, reference / "chile" / "chile_arancel_2022.json.gz", "a public table, chile_arancel_2022"
    )
    return write_tariff_packs(tariff, root / "cl", {"tariff": _PACK}, lambda _: "tariff")
