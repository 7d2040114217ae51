"""Write the packs of the Australian tariff from its official files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.australia import tariff_pages
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

_FILE = Path("australia") / "tariff-schedule3.json.gz"
# The day on which the file was taken from a public carrier, which names no licence.
_RETRIEVED = date(2026, 11, 29)
_CARRIER = "a public table, tariff-schedule3"

_LOST = (
    "Chapters 28, 30, 32, 33, 35, 37, 50 to 52, 54 to 56, 58 to 62, 72 to 74, 76, 78, 81 and 83 are not in the table, "
    "nor are 70 subheadings of others; no duty of them is held."
)
_LEFT_OUT = (
    "What the list of an agreement leaves out is free (section 16(1) of the Customs Tariff Act 1995). That was read "
    "for the lists of the United States, ASEAN with New Zealand and the CPTPP, and is taken for the others."
)


def write_australia(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/au/tariff`` and ``rulebook/au/preferences``."""
    gathered = gather(tariff_pages.read(reference / _FILE, retrieved=_RETRIEVED, published=tariff_pages.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    source = replace(gathered.source, carrier=_CARRIER)
    shared = list(share_headings(gathered.measures, gathered.lines))
    usual = {
        "territory": tariff_pages.TERRITORY,
        "nomenclature": tariff_pages.NOMENCLATURE,
        "currency": tariff_pages.CURRENCY,
        "valid_from": tariff_pages.EDITION.isoformat(),
        "reference": "Schedule 3, {code}",
    }
    write_pack(
        root / "au" / "tariff",
        source=source,
        defaults=usual | {"kind": "duty", "title": "Customs duty"},
        measures=[measure for measure in shared if measure.kind is Kind.DUTY],
        lines=gathered.lines,
        notes=(
            _LOST,
            "Amounts on alcohol, tobacco, fuel and lubricants are indexed: what the table prints is told, not charged.",
            "Tariff concession orders and the concessions of schedule 4 are not held.",
        ),
    )
    write_pack(
        root / "au" / "preferences",
        source=source,
        defaults=usual | {"kind": "preference", "title": "Tariff preference"},
        measures=[measure for measure in shared if measure.kind is Kind.PREFERENCE],
        notes=(
            _LEFT_OUT,
            "A rate that a list dates is the first of several steps; the later ones are missing, and no rate is held.",
            "For developing countries the rates that lines print are held, and no others.",
        ),
    )
    return None
