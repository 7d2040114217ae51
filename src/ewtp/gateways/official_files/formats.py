"""The official formats by name: what ``ewtp rulebook import FORMAT FILE`` can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ewtp.gateways.official_files import ewtp_jsonl as exported
from ewtp.gateways.official_files.africa import afcfta_tariff_book as unctad_afcfta
from ewtp.gateways.official_files.canada import tariff as canada_tariff
from ewtp.gateways.official_files.sacu import schedule as sacu_schedule
from ewtp.gateways.official_files.uk import exchange_rates as hmrc_exchange_rates
from ewtp.gateways.official_files.uk import global_tariff as uk_global_tariff
from ewtp.gateways.official_files.uk import origin_rules as uk_origin_rules
from ewtp.gateways.official_files.uk import preferences as uk_preferences
from ewtp.gateways.official_files.uk import quotas as uk_quotas
from ewtp.gateways.official_files.uk import trade_tariff_api as uk_trade_tariff_api
from ewtp.gateways.official_files.us import additional_duties as us_additional_duties
from ewtp.gateways.official_files.us import agency_flags as cbp_pga
from ewtp.gateways.official_files.us import hts as usitc_hts
from ewtp.gateways.official_files.world import hs_correlation, vat_rates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ewtp.core.rulebook.records import Importing
    from ewtp.core.values.refusal import Refusal


class Read(Protocol):
    """An importer's one public function: open the file, check that it is that format, stream its records."""

    def __call__(
        self,
        path: Path,
        *,
        retrieved: date,
        published: date | None = None,
        effective: date | None = None,
    ) -> Importing | Refusal:
        """Refuses with ``file_not_...`` when the file is of another format.

        ``retrieved`` is the day the file was taken from its publisher. ``published`` is the date of its edition where
        somebody knows it; a date that the file itself states prevails. Without either the source has none.
        ``effective`` is the day from which the file holds, where it does not say.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format by name; ``title`` says to people what file it is.

    A file states all that its source has to say, unless it is ``partial``: then it speaks only of the
    products it names, as one commodity's page of a tariff does.
    """

    name: str
    title: str
    read: Read
    partial: bool = False


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("ca-tariff", "Canada's customs tariff, the table of items and treatments (CSV)", canada_tariff.read),
        Format("cbp-pga", "CBP's report of partner-agency flags by HTS number (CSV)", cbp_pga.read),
        Format("ewtp-jsonl", "what `ewtp rulebook export` writes: one JSON object a line", exported.read),
        Format("hmrc-rates", "HMRC's monthly rates of exchange (CSV)", hmrc_exchange_rates.read),
        Format("hs-correlation", "the UN's correlation of two HS editions (XLSX)", hs_correlation.read),
        Format("sacu-schedule", "SACU's Schedule 1 Part 1 as a table (CSV)", sacu_schedule.read),
        Format(
            "uk-commodity",
            "a commodity, or the areas, of the UK Trade Tariff API (JSON)",
            uk_trade_tariff_api.read,
            partial=True,
        ),
        Format("uk-global-tariff", "the UK Global Tariff beside the EU's tariff (CSV)", uk_global_tariff.read),
        Format("uk-origin-rules", "UK schemes of origin or their rule sets (JSON, TAR.GZ)", uk_origin_rules.read),
        Format("uk-preferences", "the UK's workbook of preferences, staging beside it (XLSX)", uk_preferences.read),
        Format("uk-quotas", "the UK's workbook of preferential quotas (XLSX)", uk_quotas.read),
        Format("unctad-afcfta", "a tariff book of UNCTAD's AfCFTA collection (JSON)", unctad_afcfta.read),
        Format("us-additional-duties", "a folder of HTS exports and additional-duty lists", us_additional_duties.read),
        Format("usitc-hts", "the HTS as the USITC exports it (JSON or CSV)", usitc_hts.read),
        Format("vat-rates", "standard VAT rates, with the lists beside them (JSON)", vat_rates.read),
    )
}
