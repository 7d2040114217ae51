"""Write the pack of the common tariff of the Eurasian Economic Union from its official file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.eurasian_union import common_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

_FILE = Path("eaeu") / "eaeu_cet_2026-03.csv.gz"
# The day on which the file was taken from a public carrier, which names no licence.
_RETRIEVED = date(2026, 11, 29)
_CARRIER = "a public table, eaeu_cet_2026-03"


def write_eurasian_union(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/eaeu/common_tariff``."""
    gathered = gather(
        common_tariff.read(reference / _FILE, retrieved=_RETRIEVED, published=common_tariff.EDITION),
    )
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(
        root / "eaeu" / "common_tariff",
        source=replace(gathered.source, carrier=_CARRIER),
        defaults={
            "territory": common_tariff.TERRITORY,
            "nomenclature": common_tariff.NOMENCLATURE,
            "currency": common_tariff.CURRENCY,
            "kind": "duty",
            "title": "Common customs tariff",
            "valid_from": common_tariff.EDITION.isoformat(),
            "reference": "Common tariff, {code}",
        },
        measures=share_headings(gathered.measures, gathered.lines),
        lines=gathered.lines,
        notes=(
            "Where a mark says that a temporary rate may replace the printed one, the duty is open.",
            "So it is where a second copy of the tariff, of June 2026, has other figures.",
            "Duties by the capacity of an engine, and cells in which rows ran together, are answered as unknown.",
            "Preferences, quotas, and duties of single members by their agreements with the WTO are not held.",
        ),
    )
    return None
