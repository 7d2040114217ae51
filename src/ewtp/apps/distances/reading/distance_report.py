"""The distances between the schedules of one version, and the papers of each: remembered until another version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ewtp.apps.distances.reading.sentences import (
    ECONOMY_NOT_COMPARED,
    PRODUCT_NOT_COMPARED,
    PRODUCT_PREFIX_UNREADABLE,
)
from ewtp.apps.rulebook.reading.schedule_rows import schedules_on
from ewtp.apps.rulebook.reading.version_records import all_codes_replaced, sources_at, territories_at
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.distances.agency_overlap import PaperLines
from ewtp.core.distances.distance_map import DistanceMap, build_distance_map
from ewtp.core.rulebook.book import build_book
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.distances.schedule_products import ScheduleProducts
    from ewtp.core.rulebook.territory import Territory

# Every page of a day reads the same version; one more is that before, while the two change over.
_KEPT = 2


@dataclass(frozen=True, slots=True)
class DistanceReport:
    """What is compared on ``day``: the map, the papers of each schedule that has any, and the sources of schedules.

    ``tariffs`` names for every economy and territory the one whose compared schedule it applies.
    """

    version: str
    day: date
    map: DistanceMap
    papers: Mapping[str, PaperLines]
    territories: Mapping[str, Territory]
    tariffs: Mapping[str, str]

    def find_schedule(self, economy: str) -> ScheduleProducts | Refusal:
        """The schedule that an economy applies. Refuses with ``economy_not_compared``."""
        found = self.map.schedule(self.tariffs.get(economy, ""))
        if found is None:
            compared = [each.territory for each in self.map.schedules]
            return Refusal(ECONOMY_NOT_COMPARED, {"economy": economy[:40], "compared": compared})
        return found

    def read_product(self, text: str) -> str | Refusal:
        """The beginning of the codes that are asked about; refused where it is none, or no product starts with it."""
        digits = text.replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= SUBHEADING_DIGITS and len(digits) % 2 == 0):
            return Refusal(PRODUCT_PREFIX_UNREADABLE)
        if not self.map.has_products(digits):
            return Refusal(PRODUCT_NOT_COMPARED, {"product": digits, "edition": self.map.edition})
        return digits

    def schedule_as_json(self, schedule: ScheduleProducts) -> dict[str, Any]:
        """A schedule with its edition, its date and what was left out of it."""
        source = self.territories[schedule.territory].schedule
        return {
            "territory": schedule.territory,
            "nomenclature": schedule.schedule.nomenclature,
            "hs_edition": schedule.schedule.hs_edition,
            "published": source.published.isoformat() if source and source.published else None,
            "counts": schedule.counts.as_json(),
            "requirement_classes": sorted(schedule.schedule.requirement_classes),
            "products_with_papers": {
                name or "not_classified": int(places.sum()) for name, places in sorted(schedule.papers.items())
            },
        }


def distances_now() -> DistanceReport | None:
    """The report on the latest version for today in UTC; None while the rulebook is empty."""
    version = latest_version()
    return None if version is None else distances_on(version.ref, timezone.now().date())


@lru_cache(maxsize=_KEPT)
def distances_on(version: VersionRef, day: date) -> DistanceReport:
    """The report on a version for a day."""
    moment = version.published_at
    schedules = schedules_on(version, day)
    found = build_distance_map(schedules, all_codes_replaced(moment))
    territories = territories_at(moment, sources_at(moment))
    return DistanceReport(
        version=version.label,
        day=day,
        map=found,
        papers={each.territory: PaperLines(each) for each in schedules if each.papers},
        territories=territories,
        tariffs=_tariffs(territories, {each.territory for each in found.schedules}, day),
    )


def _tariffs(territories: Mapping[str, Territory], compared: set[str], day: date) -> dict[str, str]:
    book = build_book("", territories=territories.values(), groups=(), measures=())
    economies = {*territories, *(member for each in territories.values() for member in each.members)}
    found = {}
    for economy in economies:
        tariff = next((each.code for each in book.territories_of(economy, day) if each.nomenclature), "")
        if tariff in compared:
            found[economy] = tariff
    return found
