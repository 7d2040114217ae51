"""Write the pack of the Chilean tariff from its official file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.chile import tariff_rows
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

_FILE = Path("chile") / "chile_arancel_2022.json.gz"
# The day on which the file was taken from a public carrier, which names no licence.
_RETRIEVED = date(2026, 11, 29)
_CARRIER = "a public table, chile_arancel_2022"


def write_chile(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/cl/tariff``."""
    gathered = gather(tariff_rows.read(reference / _FILE, retrieved=_RETRIEVED, published=tariff_rows.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(
        root / "cl" / "tariff",
        source=replace(gathered.source, carrier=_CARRIER),
        defaults={
            "territory": tariff_rows.TERRITORY,
            "nomenclature": tariff_rows.NOMENCLATURE,
            "currency": tariff_rows.CURRENCY,
            "kind": "duty",
            "title": "Customs duty",
            "valid_from": tariff_rows.EDITION.isoformat(),
            "reference": "Arancel, {code}",
        },
        measures=share_headings(gathered.measures, gathered.lines),
        lines=gathered.lines,
        notes=(
            "The edition is of 2022: changes since then are not held.",
            "Of eighteen subheadings the table has no line; no duty of them is held.",
            "Treatments of importers and uses (section 0) are not held, and no rate of an agreement is in the table.",
        ),
    )
    return None
