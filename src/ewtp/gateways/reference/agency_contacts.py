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
        # CSMS 16-000693 of 2016-08-11 has the first; 17-000253, told at https://blog.customsnow.com/category/epa/, the
        # second and the last; 63476238 of 2024-12-20 the third.
        ("US", "EPA"): AgencyContact(
            "U.S. Environmental Protection Agency",
            "Toxic Substances Control Act Hotline, (202) 554-1404, tsca-hotline@epa.gov; vehicles and engines: "
            "imports@epa.gov; hydrofluorocarbons: HFCAllocation@epa.gov; pesticides: the regional import coordinators",
            "https://content.govdelivery.com/accounts/USDHSCBP/bulletins/15c6d00",
        ),
        # CSMS 45773761 names the programme; the agency's own questions and answers say whom to ask.
        ("US", "APHIS"): AgencyContact(
            "Animal and Plant Health Inspection Service, U.S. Department of Agriculture",
            "The programs by the agency's Contacts page; CBP Agriculture at the port of arrival for papers",
            "https://www.aphis.usda.gov/es/node/3528",
        ),
    }
)
