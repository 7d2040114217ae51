"""Write the packs of the Iraqi tariff from its official file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.iraq import cabinet_tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

_FILE = Path("iraq") / "iraq_tariff_2026-01.xlsx"
# The day on which the file was taken from a public carrier, which names no licence.
_RETRIEVED = date(2026, 11, 29)
_CARRIER = "a public workbook, iraq_tariff_2026-01"
_PACKS = {
    "tariff": Kind.DUTY,
    "listed_goods": Kind.RELIEF,
    "second_rates": Kind.TAX,
    "prohibitions": Kind.PROHIBITION,
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
    gathered = gather(cabinet_tariff.read(reference / _FILE, retrieved=_RETRIEVED, published=cabinet_tariff.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    shared = list(share_headings(gathered.measures, gathered.lines))
    for name, kind in _PACKS.items():
        measures = [measure for measure in shared if measure.kind is kind]
        usual = {
            "territory": cabinet_tariff.TERRITORY,
            "nomenclature": cabinet_tariff.NOMENCLATURE,
            "valid_from": cabinet_tariff.EDITION.isoformat(),
            "reference": "Tariff, {code}",
            "kind": str(kind),
            "title": measures[0].title,
        }
        if kind.charges:
            usual["currency"] = cabinet_tariff.CURRENCY
        if measures[0].programme:
            usual["programme"] = measures[0].programme
        write_pack(
            root / "iq" / name,
            source=replace(gathered.source, carrier=_CARRIER),
            defaults=usual,
            measures=measures,
            lines=gathered.lines if name == "tariff" else (),
            notes=_NOTES[name],
        )
    return None
