"""Write the pack of the common tariff of the Eurasian Economic Union from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.gateways.official_files.eurasian_union import common_tariff
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_DEFAULTS = {
    "territory": common_tariff.TERRITORY,
    "nomenclature": common_tariff.NOMENCLATURE,
    "currency": common_tariff.CURRENCY,
    "kind": "duty",
    "title": "Common customs tariff",
    "valid_from": common_tariff.EDITION.isoformat(),
    "reference": "Common tariff, {code}",
}
_PACK = TariffPack(
    lambda _: _DEFAULTS,
    (
        "Where a mark says that a temporary rate may replace the printed one, the duty is open.",
        "So it is where a second copy of the tariff, of June 2026, has other figures.",
        "Duties by the capacity of an engine, and cells in which rows ran together, are answered as unknown.",
        "Preferences, quotas, and duties of single members by their agreements with the WTO are not held.",
    ),
)


def write_eurasian_union(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/eaeu/common_tariff``."""
    tariff = CarriedTariff(
        common_tariff, reference / "eaeu" / "eaeu_cet_2026-03.csv.gz", "a public table, eaeu_cet_2026-03"
    )
    return write_tariff_packs(tariff, root / "eaeu", {"common_tariff": _PACK}, lambda _: "common_tariff")
