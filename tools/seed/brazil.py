"""Write the packs of the Brazilian tariff from its official file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Base, Kind
from ewtp.gateways.official_files.brazil import import_tariff
from tools.seed.tariff_packs import CarriedTariff, TariffPack, write_tariff_packs

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.values.refusal import Refusal

_USUAL = {
    "territory": import_tariff.TERRITORY,
    "nomenclature": import_tariff.NOMENCLATURE,
    "currency": import_tariff.CURRENCY,
    "valid_from": import_tariff.EDITION.isoformat(),
    "reference": "NCM, {code}",
}
_DUTY = {"kind": "duty", "title": "Import duty"}
_IPI = {
    "kind": "excise",
    "title": "Tax on industrialised products (IPI)",
    "programme": import_tariff.PROGRAMME,
    "base": str(Base.DUTY_PAID),
}
_PACKS = {
    "tariff": TariffPack(
        lambda _: _USUAL | _DUTY,
        (
            "Rates are those that Brazil applies, with its exceptions to the common tariff of MERCOSUR.",
            "Preferences (that of MERCOSUR too), quotas and reductions for single goods (ex-tarifários) are not held.",
        ),
    ),
    "ipi": TariffPack(
        lambda _: _USUAL | _IPI,
        ("What an ex of a line is, is not held: who knows that the goods are one claims its rate.",),
    ),
}
_PACK_OF = {Kind.DUTY: "tariff", Kind.EXCISE: "ipi"}


def write_brazil(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/br/tariff`` and ``rulebook/br/ipi``."""
    tariff = CarriedTariff(
        import_tariff, reference / "brazil" / "br_ncm_ii_ipi_2026-09.csv.gz", "a public table, br_ncm_ii_ipi_2026-09"
    )
    return write_tariff_packs(tariff, root / "br", _PACKS, lambda measure: _PACK_OF.get(measure.kind, ""))
