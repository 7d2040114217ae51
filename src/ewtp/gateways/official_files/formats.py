"""The official formats that ``ewtp rulebook import FORMAT FILE`` reads, by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from ewtp.gateways.official_files.archive_reader import refuse_unpacking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ewtp.core.rulebook.records import Importing
    from ewtp.core.values.refusal import Refusal


class Importer(Protocol):
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
        the operator knows it; a date that the file itself states prevails. Without either the source has none.
        ``effective`` is the day from which the file applies, where it does not state one.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format by name; ``title`` describes the file to people, ``module`` is the importer's, below this package.

    A file is the whole state of its source unless it is ``partial``: then it covers only the products in it, as the
    page of one commodity does. ``schedules`` are the sources whose national lines and texts it brings, with the
    ``options`` that an import of them needs.
    """

    name: str
    title: str
    module: str
    partial: bool = False
    schedules: tuple[str, ...] = ()
    options: str = ""

    @property
    def command(self) -> str:
        """The command that imports a file of the format."""
        return f"ewtp rulebook import {self.name} FILE{self.options}"

    @property
    def read(self) -> Importer:
        """The importer of the format; its module is loaded now, since most commands read no official file.

        It also refuses with ``file_unsafe``, before anything is unpacked into memory.
        """
        importer: Importer = import_module(f"{__package__}.{self.module}").read

        def read(
            path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
        ) -> Importing | Refusal:
            refused = refuse_unpacking(path)
            return refused or importer(path, retrieved=retrieved, published=published, effective=effective)

        return read


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "afcfta-origin-rules",
            "Appendix IV of the AfCFTA, its rules of origin as a table (CSV)",
            "africa.afcfta_origin_rules",
        ),
        Format(
            "au-tariff",
            "Australia's tariff as its border force shows it, lists of agreements beside it (JSON)",
            "australia.tariff_pages",
            schedules=("au-tariff",),
        ),
        Format(
            "br-tariff",
            "Brazil's import duty and tax on industrialised products, a table of lines (CSV)",
            "brazil.import_tariff",
            schedules=("br-tariff",),
        ),
        Format(
            "ca-tariff",
            "Canada's customs tariff, the table of items and treatments (CSV)",
            "canada.tariff",
            schedules=("ca-customs-tariff-2020",),
        ),
        Format("cbp-pga", "CBP's report of partner-agency flags by HTS number (CSV)", "us.agency_flags"),
        Format(
            "china-tariff",
            "China's tariff with taxes and conditions, a table of lines (CSV)",
            "china.customs_tariff",
            schedules=("cn-tariff",),
        ),
        Format(
            "cl-tariff",
            "Chile's customs tariff, the rows of its printed tables (JSON)",
            "chile.tariff_rows",
            schedules=("cl-tariff",),
        ),
        Format(
            "eaeu-tariff",
            "the common customs tariff of the Eurasian Economic Union, a table of lines (CSV)",
            "eurasian_union.common_tariff",
            schedules=("eaeu-common-tariff",),
        ),
        Format("ecb-rates", "the ECB's daily reference rates, the whole series (ZIP or CSV)", "world.reference_rates"),
        Format(
            "eu-measure-conditions",
            "conditions of the EU's tariff measures, exclusions beside them (CSV)",
            "eu.taric_conditions",
        ),
        Format("eu-origin-rules", "EU rules of origin, their rule sets (TAR.GZ)", "eu.agreement_rules"),
        Format("ewtp-jsonl", "what `ewtp rulebook export` writes: one JSON object a line", "ewtp_jsonl"),
        Format("hmrc-rates", "HMRC's monthly rates of exchange (CSV)", "uk.exchange_rates"),
        Format("hs-correlation", "the UN's correlation of two HS editions (XLSX)", "world.hs_correlation"),
        Format(
            "iq-tariff",
            "Iraq's customs tariff with its prohibitions, a workbook of lines (XLSX)",
            "iraq.cabinet_tariff",
            schedules=("iq-tariff",),
        ),
        Format(
            "sacu-schedule",
            "SACU's Schedule 1 Part 1 as a table (CSV)",
            "sacu.schedule",
            schedules=("sacu-schedule-1-1",),
        ),
        Format(
            "uk-commodity",
            "commodities, or the areas, of the UK Trade Tariff API (JSON)",
            "uk.trade_tariff_api",
            partial=True,
        ),
        Format(
            "uk-global-tariff",
            "the UK Global Tariff beside the EU's tariff (CSV)",
            "uk.global_tariff",
            schedules=("uk-global-tariff", "eu-common-external-tariff"),
        ),
        Format("uk-origin-rules", "UK schemes of origin or their rule sets (JSON, TAR.GZ)", "uk.origin_rules"),
        Format("uk-preferences", "the UK's workbook of preferences, staging beside it (XLSX)", "uk.preferences"),
        Format("uk-quotas", "the UK's workbook of preferential quotas (XLSX)", "uk.quotas"),
        Format(
            "unctad-afcfta",
            "a tariff book of UNCTAD's AfCFTA collection (JSON)",
            "africa.afcfta_tariff_book",
            schedules=("ecowas-afcfta-book", "cemac-afcfta-book"),
        ),
        Format("us-additional-duties", "a folder of HTS exports and additional-duty lists", "us.additional_duties"),
        Format(
            "us-origin-rules",
            "19 CFR 102.20 and 102.21, a structured archive of the rules (TAR.GZ)",
            "us.part_102",
        ),
        Format(
            "usitc-hts",
            "the HTS as the USITC exports it (JSON or CSV)",
            "us.hts",
            schedules=("us-hts",),
            options=" --effective DAY",
        ),
        Format("vat-rates", "standard VAT rates, with the lists beside them (JSON)", "world.vat_rates"),
        Format(
            "vietnam-tariff",
            "Viet Nam's tariff with agreements and taxes, a table of lines (CSV)",
            "vietnam.national_tariff",
            schedules=("vn-tariff",),
        ),
    )
}


def format_of_schedule(source: str) -> Format | None:
    """The format that brings the national lines of a source, by its id; None where none does."""
    return next((each for each in FORMATS.values() if source in each.schedules), None)
