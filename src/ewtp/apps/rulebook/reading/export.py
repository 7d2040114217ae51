"""The rulebook written out again: as JSON lines that can be imported elsewhere, or as packs of a seed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.measure_list import (
    MeasureFilter,
    find_replaced,
    lines_known,
    measures_known,
    names_in_measures,
    origin_rules_known,
)
from ewtp.apps.rulebook.reading.sentences import PACKS_HOLD_LAW
from ewtp.apps.rulebook.reading.version_records import (
    acts_at,
    exchange_rates_at,
    law_groups_at,
    law_territories_at,
    sources_at,
)
from ewtp.apps.rulebook.reading.versions import moment_of
from ewtp.core.rulebook.measure import Status
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.reader import write_pack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.records import Record
    from ewtp.core.rulebook.territory import TariffLine


def rulebook_records(
    *,
    territory: str = "",
    day: date | None = None,
    known_at: datetime | None = None,
) -> Iterator[Source | Record]:
    """Every source, then every record; of one territory with its groups and schemes, or of those in force on a day.

    Groups have the memberships of the law; a measure that an act states has its status. Records without a territory
    (codes replaced, exchange rates) are left out of a territory's export.
    """
    moment = moment_of(known_at)
    sources, groups = sources_at(moment), law_groups_at(moment, sources_at(moment))
    wanted = MeasureFilter(territory=territory, day=day, known_at=moment)
    cited = set(sources)
    if territory:
        named, cited = names_in_measures(wanted)
        groups = {name: group for name, group in groups.items() if name in named}
        cited |= {group.source.id for group in groups.values()}
    yield from (source for name, source in sources.items() if name in cited)
    yield from groups.values()
    yield from measures_known(wanted)
    yield from (line for line in lines_known(territory, moment) if day is None or day in line.validity)
    schemes = {group.origin_scheme for group in groups.values()}
    yield from (rule for rule in origin_rules_known(moment, sources) if not territory or rule.scheme in schemes)
    if not territory:
        yield from find_replaced(moment)
        yield from exchange_rates_at(moment)


def rulebook_write_packs(
    folder: Path,
    *,
    territory: str = "",
    day: date | None = None,
    known_at: datetime | None = None,
    law_alone: bool = False,
) -> int | Refusal:
    """Write a seed pack below ``folder`` for every source and territory that has measures; returns how many.

    Packs hold law alone: where acts are in effect, they are left out if ``law_alone`` says so, and otherwise nothing is
    written (``packs_hold_law``). Lines go to the pack of their territory's schedule, without descriptions, which a seed
    never holds.
    """
    moment = moment_of(known_at)
    acts = acts_at(moment, territory)
    if acts and not law_alone:
        return Refusal(PACKS_HOLD_LAW, {"count": len(acts), "act": acts[0]})
    sources = sources_at(moment)
    territories = law_territories_at(moment, sources)
    packs: dict[tuple[str, str], list[Measure]] = defaultdict(list)
    for measure in measures_known(MeasureFilter(territory=territory, day=day, known_at=moment)):
        if measure.status is Status.LAW:
            packs[(measure.territory, measure.source.id)].append(measure)
    lines: dict[str, list[TariffLine]] = defaultdict(list)
    for line in lines_known(territory, moment):
        if day is None or day in line.validity:
            lines[line.territory].append(line)
    groups = law_groups_at(moment, sources)
    for (place, source_id), measures in sorted(packs.items()):
        found = territories.get(place)
        schedule = found.schedule.id if found and found.schedule else min(s for p, s in packs if p == place)
        write_pack(
            folder / place.lower() / source_id,
            source=sources[source_id],
            defaults={"territory": place, "nomenclature": measures[0].product.nomenclature},
            measures=measures,
            lines=lines[place] if source_id == schedule else (),
            groups=[group for group in groups.values() if group.source.id == source_id],
        )
    return len(packs)
