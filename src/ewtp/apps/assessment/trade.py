"""What synthetic trade is drawn from: the latest version's schedules, units, currencies and programmes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook import queries as rulebook
from ewtp.apps.rulebook.listing import MeasureFilter, lines_known, measures_known
from ewtp.core.rulebook.book import build_book
from ewtp.core.trade.profile import profile_of
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.refusals import Refusal
from ewtp.gateways.hs_texts import read_entries

if TYPE_CHECKING:
    from ewtp.core.trade.profile import TradeProfile


def trade_profile(year: int) -> TradeProfile | Refusal:
    """The profile of a year under the latest version of the database; reads the whole rulebook, in some seconds.

    Refusals: ``rulebook_empty``, ``trade_without_economies``.
    """
    version = rulebook.latest_version()
    if version is None:
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    moment = version.published_at
    sources = rulebook.sources_at(moment)
    territories = rulebook.territories_at(moment, sources)
    tariffs = [code for code, territory in sorted(territories.items()) if territory.nomenclature]
    book = build_book(
        version.label,
        territories=territories.values(),
        groups=rulebook.groups_at(moment, sources).values(),
        # Only rules on schedules count goods or can be claimed.
        measures=(m for code in tariffs for m in measures_known(MeasureFilter(territory=code, known_at=moment))),
        lines=lines_known("", moment),
    )
    subheadings = (entry.code for entry in read_entries() if len(entry.code) == SUBHEADING_DIGITS)
    return profile_of(book, year=year, subheadings=subheadings)
