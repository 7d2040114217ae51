"""Importers cite the day on which a file was retrieved, and its date of publication where they know one."""

from __future__ import annotations

from datetime import date
from itertools import islice

import pytest

from ewtp.core.rulebook.records import Importing
from ewtp.gateways.official_files.formats import FORMATS
from tests.reference_data import reference

RETRIEVED = date(2028, 5, 2)
EFFECTIVE = date(2028, 1, 1)
GIVEN = date(2027, 12, 1)
# What the file states itself; None where it states nothing.
FILES: dict[str, tuple[str, date | None]] = {
    "au-tariff": ("australia/tariff-schedule3.json.gz", None),
    "br-tariff": ("brazil/br_ncm_ii_ipi_2026-09.csv.gz", None),
    "afcfta-origin-rules": ("afcfta/afcfta_appendix_iv_psr_2023-12.csv.gz", None),
    "ca-tariff": ("ca/ca2020.csv.gz", None),
    "cbp-pga": ("us/us_hts_pga_report_2026-02-21.csv.gz", date(2026, 2, 21)),
    "china-tariff": ("china/china_tariff_2026-07_flat.csv.gz", None),
    "cl-tariff": ("chile/chile_arancel_2022.json.gz", None),
    "eaeu-tariff": ("eaeu/eaeu_cet_2026-03.csv.gz", None),
    "eu-measure-conditions": ("eu_taric/taric_measure_conditions_2025-10.csv.gz", None),
    "eu-origin-rules": ("origin_rules_eu/eu_psr_42_agreements_2023-08.tar.gz", None),
    "hmrc-rates": ("fx/hmrc_monthly_rates_2020-2023.csv", None),
    "hs-correlation": ("hs/HS2022toHS2017ConversionAndCorrelationTables.xlsx", None),
    "iq-tariff": ("iraq/iraq_tariff_2026-01.xlsx", None),
    "sacu-schedule": ("za/sacu_schedule1_part1_2025-05-09.csv.gz", None),
    "uk-commodity": ("examples/uk_geographical_areas.json.gz", None),
    "uk-global-tariff": ("gb_eu/global-uk-tariff_ukgt-and-eu-cet.csv.gz", None),
    "uk-origin-rules": ("origin_rules/roo_schemes_uk.json", None),
    "uk-preferences": ("gb_eu/pref_data3.xlsx", date(2022, 4, 13)),
    "uk-quotas": ("gb_eu/trq_data4.xlsx", date(2022, 4, 11)),
    "unctad-afcfta": ("west_central_africa/ecowas_cet_afcfta_unctad.json.gz", None),
    "us-origin-rules": ("origin_rules_us/originshift_0.3.0_19cfr102_2026-08-26.tar.gz", None),
    "us-additional-duties": ("us", date(2026, 6, 8)),
    "vat-rates": ("vat/sales_tax_rates.json", None),
    "vietnam-tariff": ("vietnam/vietnam_tariff_2023-01.csv.gz", None),
}


def test_every_official_format_is_here() -> None:
    # An export of a rulebook carries the dates of its sources, and an edition of the HTS is dated by its first day.
    # The ECB's series comes with a package and not with the reference data.
    assert FILES.keys() | {"ecb-rates", "ewtp-jsonl", "usitc-hts"} == FORMATS.keys()


@pytest.mark.whole_file
@pytest.mark.parametrize("name", FILES)
def test_the_dates_of_a_file(name: str) -> None:
    file, stated = FILES[name]
    # A file that states its day is read once: what is given beside it changes nothing.
    for given in (GIVEN,) if stated else (None, GIVEN):
        made = FORMATS[name].read(reference(file), retrieved=RETRIEVED, published=given, effective=EFFECTIVE)
        assert isinstance(made, Importing), made
        assert (made.source.published, made.source.retrieved) == (stated or given, RETRIEVED)
        cited = [source for record in islice(made.records, 200) if (source := getattr(record, "source", None))]
        assert all(source.retrieved == RETRIEVED for source in cited if not isinstance(source, str))


def test_an_edition_of_the_hts_is_published_on_the_day_it_takes_effect() -> None:
    path = reference("us/hts_2026_basic.json.gz")
    for given in (None, GIVEN):
        made = FORMATS["usitc-hts"].read(path, retrieved=RETRIEVED, published=given, effective=EFFECTIVE)
        assert isinstance(made, Importing), made
        assert (made.source.published, made.source.retrieved) == (given or EFFECTIVE, RETRIEVED)
