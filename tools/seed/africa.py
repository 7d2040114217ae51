"""Write the packs of the three African customs unions from their official files."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.africa import afcfta_origin_rules, afcfta_tariff_book
from ewtp.gateways.official_files.sacu import schedule
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, gather, write_tariff

_ORIGIN_RULES = Path("afcfta") / "afcfta_appendix_iv_psr_2023-12.csv.gz"
# The Council of Ministers approved the rules in December 2023, and the table was taken on the later day.
_RULES_APPROVED, _RULES_RETRIEVED = date(2023, 12, 1), date(2026, 11, 29)
_SACU_FILE = Path("za") / "sacu_schedule1_part1_2025-05-09.csv.gz"
_CONCESSIONS = Path("afcfta") / "ecowas_afcfta_concession_schedule_hs2017.csv.gz"
# Statistical units of ECOWAS's schedule of concessions, abbreviated as in the Harmonized System; it marks an absent one
# with a hyphen.
_UNITS = {
    "kg": "KGM",
    "u": "C62",
    "2u": "NPR",
    "1000u": "MIL",
    "u(jeu)": "SET",
    "m": "MTR",
    "m2": "MTK",
    "m²": "MTK",
    "m3": "MTQ",
    "m3(*)": "MTQ",
    "l": "LTR",
    "carat": "CTM",
    "1000 kWh": "MWH",
}
_UNITS_NOTE = ("Units are those of the union's schedule of concessions, for nine lines in ten.",)
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
        units = _read_units(reference) if territory == "ECOWAS" else {}
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
                *(_UNITS_NOTE if units else ()),
            ),
            units=units,
        )
        if refused is not None:
            return refused
    return write_afcfta_origin_rules(reference, root)


def _read_units(reference: Path) -> dict[str, str]:
    """The statistical units of lines by their digits."""
    with gzip.open(reference / _CONCESSIONS, "rt", encoding="utf-8") as stream:
        rows = [(row["code"].replace(".", ""), row["stat_unit"].strip().lower()) for row in csv.DictReader(stream)]
    return {code: _UNITS[unit] for code, unit in rows if unit in _UNITS}


def write_afcfta_origin_rules(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/afcfta/origin_rules``, the rules of every territory's AfCFTA group."""
    rules = gather(
        afcfta_origin_rules.read(reference / _ORIGIN_RULES, retrieved=_RULES_RETRIEVED, published=_RULES_APPROVED)
    )
    if isinstance(rules, Refusal):
        return rules
    write_pack(
        root / "afcfta" / "origin_rules",
        source=rules.source,
        defaults={},
        origin_rules=rules.origin_rules,
        notes=(
            "Rules are given as classes with figures; the appendix has their text.",
            "For 53 rows, most of textiles and vehicles, no rule was agreed; later decisions are not held.",
            "Some shares count for the first 3 or 5 years, and the appendix does not state from when.",
            "Tolerances, cumulation and insufficient processing, which Annex 2 states, are not held.",
        ),
    )
    return None
