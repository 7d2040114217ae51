"""Write the packs of the Brazilian tariff from its official file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ewtp.core.rulebook.measure import Base, Kind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.brazil import import_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

_FILE = Path("brazil") / "br_ncm_ii_ipi_2026-09.csv.gz"
# The day on which the file was taken from a public carrier, which names no licence.
_RETRIEVED = date(2026, 11, 29)
_CARRIER = "a public table, br_ncm_ii_ipi_2026-09"


def write_brazil(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/br/tariff`` and ``rulebook/br/ipi``."""
    gathered = gather(import_tariff.read(reference / _FILE, retrieved=_RETRIEVED, published=import_tariff.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    source = replace(gathered.source, carrier=_CARRIER)
    shared = list(share_headings(gathered.measures, gathered.lines))
    usual = {
        "territory": import_tariff.TERRITORY,
        "nomenclature": import_tariff.NOMENCLATURE,
        "currency": import_tariff.CURRENCY,
        "valid_from": import_tariff.EDITION.isoformat(),
        "reference": "NCM, {code}",
    }
    write_pack(
        root / "br" / "tariff",
        source=source,
        defaults=usual | {"kind": "duty", "title": "Import duty"},
        measures=[measure for measure in shared if measure.kind is Kind.DUTY],
        lines=gathered.lines,
        notes=(
            "Rates are those that Brazil applies, with its exceptions to the common tariff of MERCOSUR.",
            "Preferences (that of MERCOSUR too), quotas and reductions for single goods (ex-tarifários) are not held.",
        ),
    )
    write_pack(
        root / "br" / "ipi",
        source=source,
        defaults=usual
        | {
            "kind": "excise",
            "title": "Tax on industrialised products (IPI)",
            "programme": import_tariff.PROGRAMME,
            "base": str(Base.DUTY_PAID),
        },
        measures=[measure for measure in shared if measure.kind is Kind.EXCISE],
        notes=("What an ex of a line is, is not held: who knows that the goods are one claims its rate.",),
    )
    return None
