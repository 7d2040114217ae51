"""Write the packs of the three African customs unions from their official files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.gateways.official_files.africa import afcfta_tariff_book
from ewtp.gateways.official_files.sacu import schedule
from tools.seed.gathered_records import RETRIEVED, write_tariff

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal

_SACU_FILE = Path("za") / "sacu_schedule1_part1_2025-05-09.csv.gz"
_BOOKS = (
    ("ECOWAS", "ECOWAS2017", Path("west_central_africa") / "ecowas_cet_afcfta_unctad.json.gz"),
    ("CEMAC", "CEMAC2017", Path("west_central_africa") / "cameroon_cemac_afcfta_unctad.json.gz"),
)


def write_sacu(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/sacu/schedule``; the Refusal of the importer where a file is missing or broken."""
    return write_tariff(
        schedule.read(reference / _SACU_FILE, retrieved=RETRIEVED, published=schedule.EDITION),
        root / "sacu" / "schedule",
        defaults={
            "territory": schedule.TERRITORY,
            "nomenclature": schedule.NOMENCLATURE,
            "currency": schedule.CURRENCY,
            "valid_from": schedule.EDITION.isoformat(),
            "reference": "Schedule 1 Part 1, {code}",
        },
        notes=(
            "Lines that could not be read out of the tariff book say where to look and are answered as unknown.",
            "Held: ordinary customs duty. Not held: Schedule 1 Parts 2 to 8, Schedule 2 (anti-dumping), rebates.",
        ),
    )


def write_afcfta(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/ecowas/tariff_book`` and ``rulebook/cemac/tariff_book``."""
    # A book is dated by the first day of its year 1.
    first_day = afcfta_tariff_book.FIRST_DAY
    for territory, nomenclature, file in _BOOKS:
        refused = write_tariff(
            afcfta_tariff_book.read(reference / file, retrieved=RETRIEVED, published=first_day),
            root / territory.lower() / "tariff_book",
            defaults={
                "territory": territory,
                "nomenclature": nomenclature,
                "valid_from": first_day.isoformat(),
                "reference": "e-Tariff Book, {code}",
            },
            notes=(
                "Year 1 of the phase-down is 2021, from which the AfCFTA Secretariat counts.",
                "Whether the member has gazetted the schedule, and towards which partners, is not held.",
                "Lines of category C and U have no offer and so no preference.",
            ),
        )
        if refused is not None:
            return refused
    return None
