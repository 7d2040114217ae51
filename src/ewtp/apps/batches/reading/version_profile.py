"""The profile that synthetic lines are drawn from, read from the latest version of the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading import queries as rulebook
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known
from ewtp.core.rulebook.book import build_book
from ewtp.core.synthetic.import_profile import build_import_profile
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import subheadings

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book
    from ewtp.core.synthetic.import_profile import ImportProfile


def read_import_profile(year: int) -> ImportProfile | Refusal:
    """The profile of a year under the latest version; reads the whole rulebook, one tariff at a time.

    Refusals: ``rulebook_empty``, ``economies_too_few``.
    """
    version = rulebook.latest_version()
    if version is None:
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    moment = version.published_at
    sources = rulebook.sources_at(moment)
    territories = rulebook.territories_at(moment, sources)
    groups = rulebook.groups_at(moment, sources)

    def tariff_book(code: str) -> Book:
        """The book of one tariff: only rules of tariff territories count goods or can be claimed."""
        return build_book(
            version.label,
            territories=territories.values(),
            groups=groups.values(),
            measures=measures_known(MeasureFilter(territory=code, known_at=moment)),
            lines=lines_known(code, moment),
        )

    frame = build_book(version.label, territories=territories.values(), groups=groups.values(), measures=())
    return build_import_profile(frame, year=year, subheadings=subheadings(), tariff_book=tariff_book)
