"""Write the packs of the three African customs unions from their official files."""

from __future__ import annotations

from pathlib import Path

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.africa import afcfta_tariff_book as unctad_afcfta
from ewtp.gateways.official_files.sacu import schedule as sacu_schedule
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered import RETRIEVED, gather

_SACU_FILE = Path("za") / "sacu_schedule1_part1_2025-05-09.csv.gz"
_BOOKS = (
    ("ECOWAS", "ECOWAS2017", Path("west_central_africa") / "ecowas_cet_afcfta_unctad.json.gz"),
    ("CEMAC", "CEMAC2017", Path("west_central_africa") / "cameroon_cemac_afcfta_unctad.json.gz"),
)


def write_sacu(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/sacu/schedule``; the Refusal of the importer where a file is missing or broken."""
    gathered = gather(sacu_schedule.read(reference / _SACU_FILE, retrieved=RETRIEVED, published=sacu_schedule.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    write_pack(
        root / "sacu" / "schedule",
        source=gathered.source,
        defaults={
            "territory": sacu_schedule.TERRITORY,
            "nomenclature": sacu_schedule.NOMENCLATURE,
            "currency": "ZAR",
            "valid_from": sacu_schedule.EDITION.isoformat(),
            "reference": "Schedule 1 Part 1, {code}",
        },
        measures=gathered.measures,
        lines=gathered.lines,
        notes=(
            "Lines that could not be read out of the tariff book say where to look and are answered as unknown.",
            "Held: ordinary customs duty. Not held: Schedule 1 Parts 2 to 8, Schedule 2 (anti-dumping), rebates.",
        ),
    )
    return None


def write_afcfta(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/ecowas/tariff_book`` and ``rulebook/cemac/tariff_book``."""
    for territory, nomenclature, file in _BOOKS:
        # The book is dated by the first day of its year 1.
        gathered = gather(unctad_afcfta.read(reference / file, retrieved=RETRIEVED, published=unctad_afcfta.FIRST_DAY))
        if isinstance(gathered, Refusal):
            return gathered
        write_pack(
            root / territory.lower() / "tariff_book",
            source=gathered.source,
            defaults={
                "territory": territory,
                "nomenclature": nomenclature,
                "valid_from": unctad_afcfta.FIRST_DAY.isoformat(),
                "reference": "e-Tariff Book, {code}",
            },
            measures=gathered.measures,
            lines=gathered.lines,
            origin_rules=gathered.origin_rules,
            notes=(
                "Year 1 of the phase-down is 2021, from which the AfCFTA Secretariat counts.",
                "Whether the member has gazetted the schedule, and towards which partners, is not held.",
                "Lines of category C and U have no offer and so no preference.",
            ),
        )
    return None
