"""Count what the importers read of every official file of the seed, for ``ewtp rulebook check``."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from typing import TYPE_CHECKING

from ewtp.core.rulebook.file_share import FileReading
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.formats import FORMATS
from ewtp.gateways.official_files.vietnam.policy_clauses import ClauseReading, read_clause, split_clauses
from ewtp.gateways.seed.file_readings import write_file_readings
from tools.seed.gathered_records import RETRIEVED, gather

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# By format, the file, and what is counted: the lines of a schedule, or the records that a list yields.
_FILES = (
    ("afcfta-origin-rules", "afcfta/afcfta_appendix_iv_psr_2023-12.csv.gz", "rules"),
    ("au-tariff", "australia/tariff-schedule3.json.gz", "lines"),
    ("br-tariff", "brazil/br_ncm_ii_ipi_2026-09.csv.gz", "lines"),
    ("ca-tariff", "ca/ca2020.csv.gz", "lines"),
    ("china-tariff", "china/china_tariff_2026-07_flat.csv.gz", "lines"),
    ("cl-tariff", "chile/chile_arancel_2022.json.gz", "lines"),
    ("eaeu-tariff", "eaeu/eaeu_cet_2026-03.csv.gz", "lines"),
    ("eu-measure-conditions", "eu_taric/taric_measure_conditions_2025-10.csv.gz", "papers"),
    ("eu-origin-rules", "origin_rules_eu/eu_psr_42_agreements_2023-08.tar.gz", "rules"),
    ("hmrc-rates", "fx/hmrc_monthly_rates_2020-2023.csv", "rates"),
    ("hs-correlation", "hs/HS2022toHS2017ConversionAndCorrelationTables.xlsx", "codes"),
    ("hs-correlation", "hs/HS2017toHS2012ConversionAndCorrelationTables.xlsx", "codes"),
    ("iq-tariff", "iraq/iraq_tariff_2026-01.xlsx", "lines"),
    ("sacu-schedule", "za/sacu_schedule1_part1_2025-05-09.csv.gz", "lines"),
    ("uk-global-tariff", "gb_eu/global-uk-tariff_ukgt-and-eu-cet.csv.gz", "lines"),
    ("uk-origin-rules", "origin_rules/rule_sets.tar.gz", "rules"),
    ("uk-preferences", "gb_eu/pref_data3.xlsx", "rates"),
    ("uk-quotas", "gb_eu/trq_data4.xlsx", "quotas"),
    ("unctad-afcfta", "west_central_africa/cameroon_cemac_afcfta_unctad.json.gz", "lines"),
    ("unctad-afcfta", "west_central_africa/ecowas_cet_afcfta_unctad.json.gz", "lines"),
    ("us-origin-rules", "origin_rules_us/originshift_0.3.0_19cfr102_2026-08-26.tar.gz", "rules"),
    ("usitc-hts", "us/hts_2026_rev_10.json.gz", "lines"),
    ("cbp-pga", "us/us_hts_pga_report_2026-02-21.csv.gz", "flags"),
    ("vat-rates", "vat/sales_tax_rates.json", "rates"),
    ("vietnam-tariff", "vietnam/vietnam_tariff_2023-01.csv.gz", "lines"),
)
# Rows that state nothing of their own: no longer in force, said before, or subheadings that the file does not have.
_PASSED_OVER = frozenset({"line_not_in_force", "code_repeated", "row_repeated", "line_absent"})
# Refusals of a cell, after which its line is kept with a duty that is told as unknown.
_LINE_KEPT = frozenset({"rate_unreadable", "letter_unknown", "row_not_in_table"})
_POLICY = "vietnam/vietnam_tariff_2023-01.csv.gz"
_RATED = "canada_2026/canada_tariff_T2026_rated_lines.csv.gz"
_CONCESSIONS = "afcfta/ecowas_afcfta_concession_schedule_hs2017.csv.gz"


def write_readings(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/file_readings``; the Refusal of the importer where a file is missing or broken."""
    readings = []
    for name, file, unit in _FILES:
        # An export of the HTS states no day; which one is given does not change what is read of it.
        first = RETRIEVED if name == "usitc-hts" else None
        gathered = gather(FORMATS[name].read(reference / file, retrieved=RETRIEVED, effective=first))
        if isinstance(gathered, Refusal):
            return gathered
        others = len(gathered.measures) + len(gathered.origin_rules) + len(gathered.replaced) + len(gathered.rates)
        kept = len(gathered.lines) if unit == "lines" else others
        # A row with several faults is counted once, by the first.
        faults = {each.row: each.code for each in reversed(gathered.refused) if each.code not in _PASSED_OVER}
        dropped = sum(unit != "lines" or code not in _LINE_KEPT for code in faults.values())
        rest = tuple(sorted(Counter(faults.values()).items()))
        readings.append(FileReading(gathered.source.id, file, unit, kept + dropped, rest))
    write_file_readings(root, sorted([*readings, *_read_lists(reference)], key=lambda each: (each.file, each.unit)))
    return None


def _read_lists(reference: Path) -> Iterator[FileReading]:
    """What is counted of a file besides its lines, and the files that only complete another."""
    with gzip.open(reference / _POLICY, "rt", encoding="utf-8") as stream:
        clauses = {clause for row in csv.DictReader(stream) for clause in split_clauses(row["hs_policy"] or "")}
    unread = sum(read_clause(clause).reading is ClauseReading.UNREAD for clause in clauses)
    yield FileReading("vn-tariff", _POLICY, "clauses", len(clauses), (("names_a_list_alone", unread),))
    with gzip.open(reference / _RATED, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    blank = sum(not row["mfn_pct"] for row in rows)
    yield FileReading("ca-customs-tariff-2026", _RATED, "lines", len(rows), (("left_blank", blank),))
    with gzip.open(reference / _CONCESSIONS, "rt", encoding="utf-8") as stream:
        codes = {row["code"]: row["stat_unit"] for row in csv.DictReader(stream) if row["stat_unit"]}
    unknown = sum(unit == "-" for unit in codes.values())
    yield FileReading("ecowas-statistical-levy", _CONCESSIONS, "units", len(codes), (("no_unit", unknown),))
