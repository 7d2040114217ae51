"""Where border agencies answer questions, as their own pages or those of customs state it.

An agency that is not here has no entry because no page was read that names whom to ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class AgencyContact:
    """An agency by its full name, whom to ask there, and the page that says so."""

    name: str
    ask: str
    url: str


# By economy and the agency's name in the rulebook; read on 2026-11-30.
CONTACTS: Mapping[tuple[str, str], AgencyContact] = MappingProxyType(
    {
        ("US", "FDA"): AgencyContact(
            "U.S. Food and Drug Administration",
            "Division of Import Operations, 301-796-0356, FDAImportsInquiry@fda.hhs.gov",
            "https://www.fda.gov/industry/import-basics/harmonized-tariff-schedule-and-fd-flags",
        ),
        # CSMS 16-000693 of 2016-08-11, of the agency's Toxic Substances Control Act alone.
        ("US", "EPA"): AgencyContact(
            "U.S. Environmental Protection Agency",
            "Toxic Substances Control Act Hotline, (202) 554-1404, tsca-hotline@epa.gov",
            "https://content.govdelivery.com/accounts/USDHSCBP/bulletins/15c6d00",
        ),
    }
)
