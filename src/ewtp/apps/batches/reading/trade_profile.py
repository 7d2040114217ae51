"""What synthetic trade is drawn from: the latest version's schedules, units, currencies and programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading import queries as rulebook
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known
from ewtp.core.rulebook.book import build_book
from ewtp.core.synthetic.trade_profile import profile_of
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import subheadings

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book
    from ewtp.core.synthetic.trade_profile import TradeProfile


def trade_profile(year: int) -> TradeProfile | Refusal:
    """The profile of a year under the latest version of the database; reads the whole rulebook, a tariff at a time.

    Refusals: ``rulebook_empty``, ``trade_without_economies``.
    """
    version = rulebook.latest_version()
    if version is None:
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    moment = version.published_at
    sources = rulebook.sources_at(moment)
    territories = rulebook.territories_at(moment, sources)
    groups = rulebook.groups_at(moment, sources)

    def tariff_book(code: str) -> Book:
        """One tariff at a time is in memory; only rules on schedules count goods or can be claimed."""
        return build_book(
            version.label,
            territories=territories.values(),
            groups=groups.values(),
            measures=measures_known(MeasureFilter(territory=code, known_at=moment)),
            lines=lines_known(code, moment),
        )

    frame = build_book(version.label, territories=territories.values(), groups=groups.values(), measures=())
    return profile_of(frame, year=year, subheadings=subheadings(), tariff_book=tariff_book)
