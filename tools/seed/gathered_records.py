"""Collects the records of an importer for a pack of the seed; nothing is written from a broken file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate, Importing, RowRefused
from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import literal_sentence
from ewtp.gateways.seed.pack_records import PackRecords
from ewtp.gateways.seed.writer import write_pack
from tools.seed.shared_headings import share_headings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source

# The day on which the official files of the seed were taken from their publishers.
RETRIEVED = date(2026, 11, 24)


@dataclass(slots=True, kw_only=True)
class Gathered(PackRecords):
    """The records of one official file by type; ``refused`` are the rows that could not be taken."""

    source: Source
    refused: list[RowRefused] = field(default_factory=list)


def gather(importing: Importing | Refusal) -> Gathered | Refusal:
    """Every record, or the Refusal of a file of another format or a broken one."""
    if isinstance(importing, Refusal):
        return importing
    gathered = Gathered(source=importing.source)
    places = {
        Measure: gathered.measures,
        TariffLine: gathered.lines,
        Group: gathered.groups,
        OriginRule: gathered.origin_rules,
        CodeReplaced: gathered.replaced,
        ExchangeRate: gathered.rates,
        RowRefused: gathered.refused,
    }
    for record in importing.records:
        if isinstance(record, RowRefused) and record.code == "file_broken":
            return Refusal(literal_sentence("file_broken", record.message))
        places[type(record)].append(record)  # type: ignore[attr-defined] # each list holds the type it is filed under
    return gathered


def write_tariff(
    importing: Importing | Refusal,
    folder: Path,
    *,
    defaults: Mapping[str, str],
    notes: tuple[str, ...],
    units: Mapping[str, str] | None = None,
) -> Refusal | None:
    """Write all rules of one file of a tariff as one pack; the Refusal of a file that is missing or broken.

    ``units`` are those of lines by code, where another file has them.
    """
    gathered = gather(importing)
    if isinstance(gathered, Refusal):
        return gathered
    if units:
        gathered.lines = [
            replace(line, units=(units[line.code],)) if line.code in units else line for line in gathered.lines
        ]
    write_pack(
        folder,
        source=gathered.source,
        defaults=defaults,
        measures=share_headings(gathered.measures, gathered.lines),
        lines=gathered.lines,
        origin_rules=gathered.origin_rules,
        notes=notes,
    )
    return None
