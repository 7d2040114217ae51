"""The packs of a tariff: the rules of one official file, written once for a heading and divided among folders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import gather
from tools.seed.shared_headings import share_headings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ewtp.core.rulebook.records import Importing

# The day on which the files were taken that a public carrier has; none of those carriers names a licence.
_CARRIED = date(2026, 11, 29)


class TariffFormat(Protocol):
    """A module that reads a tariff, and the day of the edition whose form it knows."""

    @property
    def EDITION(self) -> date:  # noqa: N802 - the modules have it as a constant
        """The day of the edition."""

    def read(
        self, path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
    ) -> Importing | Refusal:
        """What the file states, or why it cannot be read."""


@dataclass(frozen=True, slots=True)
class TariffPack:
    """A pack of a tariff: the cells that most of its rules share, given those, and sentences about its gaps."""

    defaults: Callable[[Sequence[Measure]], Mapping[str, str]]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CarriedTariff:
    """A tariff from a public carrier: how its file is read, the file, and the carrier."""

    format: TariffFormat
    file: Path
    carrier: str


def write_tariff_packs(
    tariff: CarriedTariff,
    folder: Path,
    packs: Mapping[str, TariffPack],
    pack_of: Callable[[Measure], str],
    *,
    is_apart: Callable[[Measure], bool] = lambda _: False,
) -> Refusal | None:
    """Write the packs below ``folder``, of which the first has the lines; the Refusal of a missing or broken file.

    A rule whose pack is empty is left out. The rules that ``is_apart`` chooses share headings by themselves.
    """
    gathered = gather(tariff.format.read(tariff.file, retrieved=_CARRIED, published=tariff.format.EDITION))
    if isinstance(gathered, Refusal):
        return gathered
    divided: dict[str, list[Measure]] = defaultdict(list)
    for apart in sorted(set(map(is_apart, gathered.measures))):
        # Whether a preference may be shared with a line, the duty of the line says.
        found = [each for each in gathered.measures if is_apart(each) == apart or each.kind is Kind.DUTY]
        for measure in share_headings(found, gathered.lines):
            if is_apart(measure) == apart:
                divided[pack_of(measure)].append(measure)
    for number, (name, pack) in enumerate(packs.items()):
        write_pack(
            folder / name,
            source=replace(gathered.source, carrier=tariff.carrier),
            defaults=pack.defaults(divided[name]),
            measures=divided[name],
            lines=gathered.lines if number == 0 else (),
            notes=pack.notes,
        )
    return None
