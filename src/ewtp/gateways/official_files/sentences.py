"""What is wrong with an official file, or with a row of one."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

AFCFTA_RATE_UNREADABLE = Sentence(
    "rate_unreadable", "A rate or the category of line {code:code} is not one that the book uses.", form="afcfta"
)
AFCFTA_ROW_MISSHAPEN = Sentence(
    "row_misshapen", "The row is not a line of {digits:number} digits with mfn and t1 to t13.", form="afcfta"
)
CANADA_ROW_MISSHAPEN = Sentence(
    "row_misshapen", "The row is not a tariff item with {cells:number} cells.", form="canada"
)
CHAPTER_ABSENT = Sentence(
    "line_absent", "The table has no line of chapter {chapter:code}; no duty of it is held.", form="chapter"
)
CODE_REPEATED = Sentence("code_repeated", "{code:code} is already in an earlier row; that one is kept.")
COMMODITY_UNREADABLE = Sentence("code_unreadable", "A commodity has 8 or 10 digits.", form="commodity")
CORRELATION_ROW_MISSHAPEN = Sentence(
    "row_misshapen", "The row does not hold two codes of six digits.", form="correlation"
)
EFFECTIVE_DATE_MISSING = Sentence(
    "effective_date_missing", "An HTS export carries no date; give the day its revision took effect."
)
EXCHANGE_RATE_DIFFERS = Sentence(
    "rate_repeated", "An earlier row gives the currency another rate; that one is kept.", form="exchange_rates"
)
EXCHANGE_ROW_MISSHAPEN = Sentence(
    "row_misshapen", "The row is not currency, first day, last day, rate.", form="exchange_rates"
)
EXPORT_GARBLED = Sentence("file_broken", "The file breaks off or is garbled after row {row:number}.", form="garbled")
EXPORT_MISSING = Sentence(
    "file_not_us_lists", "{file} holds no HTS export such as hts_2026_rev_10.json.gz.", form="export_missing"
)
EXPORT_UNDATED = Sentence("file_not_us_lists", "revision_dates.csv does not date {file}.", form="undated")
FILE_BREAKS_OFF = Sentence(
    "file_broken",
    "The file breaks off after {count:number} records ({reason:english}); get it again.",
    form="breaks_off",
)
FILE_BROKEN_INSIDE = Sentence("file_broken", "{file}: {problem:sentence}", form="inside")
FILE_HAS_ENTITIES = Sentence(
    "file_unsafe",
    "{part:quoted} in {file} has a document type of its own, which no workbook needs; get the file from its publisher.",
    form="entities",
)
FILE_UNPACKS_TOO_LARGE = Sentence(
    "file_unsafe",
    "{file} unpacks to more than {most:number} bytes, far more than its size explains; get it from its publisher.",
)
FILE_UNREADABLE = Sentence("file_unreadable", "{file} cannot be read: {reason:english}.")
FLAG_UNKNOWN = Sentence("flag_unknown", "The flag's agency is not known.")
HTS_CODE_UNREADABLE = Sentence("code_unreadable", "The HTS number is not made of pairs of digits.", form="hts")
INDENT_UNREADABLE = Sentence("indent_unreadable", "The indent is not a whole number.")
LETTER_UNKNOWN = Sentence(
    "letter_unknown", "What the letter {letter:quoted} asks for is not known; the line is taken without it."
)
LINE_EXPIRED = Sentence("line_expired", "The line expired on {day:date}.")
LINE_NOT_IN_FORCE = Sentence("line_not_in_force", "Line {code:code} is marked as no longer in force.")
LINE_OF_CONDITIONS = Sentence(
    "line_of_conditions",
    "Line {code:code} has a rate for goods of other lines that meet conditions of chapter 98; it is left out.",
)
LINE_RATE_BLANK = Sentence("rate_blank", "{territory} {code:code} has no rate; it is kept as unknown.", form="line")
LISTS_INCOMPLETE = Sentence(
    "file_not_us_lists", "{file} holds no {missing}; give the folder with the lists of additional duties."
)
LISTS_NOT_FOLDER = Sentence(
    "file_not_us_lists",
    "{file} is not a folder; give the folder with the HTS exports and their product lists.",
    form="not_folder",
)
LISTS_UNREADABLE = Sentence(
    "file_not_us_lists", "The parameters or dates of {file} cannot be read: {reason:english}.", form="unreadable"
)
LIST_GARBLED = Sentence("file_broken", "A list of the folder is missing or garbled ({list:english}).", form="list")
MEASURE_OF_EU_TARIFF = Sentence(
    "measure_of_eu_tariff",
    "The measure is a duty under Regulation (EEC) No 2658/87, the tariff of the European Union, which Great Britain's "
    "own has replaced; it was left out.",
)
MEASURE_TYPE_UNKNOWN = Sentence("measure_type_unknown", "This type of measure is not one that is read.")
MEASURE_UNDATED = Sentence("measure_undated", "The measure has no first day, or ends before it.")
MEASURE_WITHOUT_DUTY = Sentence("measure_without_duty", "The measure should bear a duty and names none.")
NOT_AFCFTA_BOOK = Sentence(
    "file_not_unctad_afcfta", "{file} is not an AfCFTA tariff book: {reason:english}.", form="unreadable"
)
NOT_CANADA_TARIFF = Sentence(
    "file_not_canada_tariff",
    "{file} is not the Canadian tariff; it should have tariff, description, uom, mfn and treatments.",
)
NOT_CORRELATION = Sentence(
    "file_not_hs_correlation", "{file} is not a correlation workbook: {reason:english}.", form="unreadable"
)
NOT_CORRELATION_SHEET = Sentence(
    "file_not_hs_correlation", "{file} has no sheet with two columns of HS codes and a relationship."
)
NOT_ECOWAS_OR_CEMAC = Sentence(
    "file_not_unctad_afcfta",
    "{file} is not a tariff book of ECOWAS or CEMAC; a row should have natTarLine, mfn and t1 to t13.",
)
NOT_ECB_RATES = Sentence(
    "file_not_ecb_rates",
    "{file} is not the ECB's series of reference rates; give eurofxref-hist.zip, or the table inside it.",
)
NOT_EWTP_JSONL = Sentence(
    "file_not_ewtp_jsonl",
    'Expected JSON lines that start with {{"record": "source", ...}}, as `ewtp rulebook export` writes them.',
)
NOT_GLOBAL_TARIFF = Sentence(
    "file_not_uk_global_tariff",
    "{file} is not the UK Global Tariff table; its columns should include {columns:list text}.",
)
NOT_GREAT_BRITAIN = Sentence(
    "file_not_great_britain", "{file} is the tariff of Northern Ireland; save the answer of the UK service."
)
NOT_HMRC_RATES = Sentence(
    "file_not_hmrc_exchange_rates",
    "{file} is not HMRC's rates; give a month's file of the Online Tariff, or rows like "
    "EUR,2023-08-01,2023-08-31,1.1515.",
)
NOT_HTS_EXPORT = Sentence(
    "file_not_hts_export",
    "{file} is not an HTS export; expected JSON rows with htsno, indent, general, special and other, or the "
    "CSV of the same.",
)
NOT_AFCFTA_ORIGIN_RULES = Sentence(
    "file_not_afcfta_origin_rules",
    "{file} is not a table of Appendix IV of the AfCFTA; its columns should include hs_code_as_printed and rule.",
)
ORIGIN_CODE_UNREADABLE = Sentence(
    "row_code_unreadable", "The row names no chapter, heading or subheading.", form="origin"
)
NOT_EU_ORIGIN_RULES = Sentence(
    "file_not_eu_origin_rules",
    "{file} is not an archive of the EU's rules of origin (tar.gz with one JSON document of rule_sets an agreement).",
)
NOT_MEASURE_CONDITIONS = Sentence(
    "file_not_eu_measure_conditions",
    "{file} is not a table of conditions of the EU's tariff measures (CSV with Goods code, Meas. cond and "
    "Certificate).",
)
CONDITION_CODE_UNREADABLE = Sentence("row_code_unreadable", "The goods code has not ten digits.", form="condition")
NOT_PART_102 = Sentence(
    "file_not_us_origin_rules",
    "{file} is not an archive of the rules of 19 CFR 102.20 and 102.21 (tar.gz with JSON documents of rules).",
)
NOT_ORIGIN_RULES = Sentence(
    "file_not_uk_origin_rules",
    "{file} is neither the UK's rules-of-origin schemes (JSON with schemes) nor its rule sets (tar.gz or JSON "
    "with rule_sets).",
)
LIST_NOT_KNOWN = Sentence(
    "list_not_known",
    "{file} is not a denied-party list that can be read: give the UN Security Council's consolidated list as XML, or "
    "sdn.csv, alt.csv or add.csv of OFAC.",
)
LIST_TWICE = Sentence("list_twice", "{file} and {other} are the same list; leave one of them in the folder.")
LIST_UNREADABLE = Sentence(
    "list_unreadable", "{file} cannot be read completely, so nothing is screened against it: {reason}."
)
NOT_PGA_REPORT = Sentence(
    "file_not_pga_report",
    "{file} is not CBP's partner-agency report; expected two banner lines, the first with the HTS date, and "
    "then a header that starts with Tariff Number.",
)
NOT_SACU_SCHEDULE = Sentence(
    "file_not_sacu_schedule", "{file} is not the SACU table; its first row should be {header:list text}."
)
NOT_TARIFF_TABLE = Sentence(
    "file_not_tariff_table",
    "{file} is not the tariff table that this format reads; its first columns should be {columns:list text}.",
)
NOT_TRADE_TARIFF_API = Sentence(
    "file_not_uk_trade_tariff_api",
    "{file} is not an answer of the UK Trade Tariff API; save /api/v2/commodities/CODE or "
    "/api/v2/geographical_areas as it comes.",
)
NOT_UK_PREFERENCES = Sentence(
    "file_not_uk_preferences",
    "{file} is not the workbook of UK preferences; its first row should be {header:list text} and so on.",
)
NOT_UK_QUOTAS = Sentence(
    "file_not_uk_quotas", "{file} is not the workbook of UK quotas; its first columns are {columns:list text}."
)
NOT_UK_STAGING = Sentence(
    "file_not_uk_staging", "{file} is not the staging workbook; its first columns are {columns:list text}."
)
NOT_VAT_RATES = Sentence(
    "file_not_vat_rates", "{file} is not the list of rates; each economy should have type, currency and rate."
)
ORDER_UNREADABLE = Sentence("order_unreadable", "A quota's order number has six digits, such as 05.1500.")
PARTNER_CODE_UNREADABLE = Sentence("code_unreadable", "A commodity code has 2, 4, 6, 8 or 10 digits.", form="partner")
PARTNER_UNKNOWN = Sentence("partner_unknown", "The partner is not in the table of schemes; add it there.")
PROGRAMME_MISSING = Sentence("programme_missing", "A special rate names no programme.")
RATE_BLANK = Sentence("rate_blank", "The row gives no rate.")
RATE_MISSING = Sentence("rate_missing", "Item {code:code} has no most-favoured-nation rate.")
RATE_REPEATED = Sentence("rate_repeated", "A rate for {code:code} was given in an earlier row.")
REFERENCE_DAY_MISSHAPEN = Sentence(
    "row_misshapen", "The row is not a day with a rate for each currency.", form="reference_rates"
)
REPORT_GARBLED = Sentence("file_broken", "The report breaks off or is garbled here.", form="report")
ROW_CONTRADICTS = Sentence("row_contradicts", "An earlier row gives another rate for the same time; kept as unknown.")
ROW_CUT_SHORT = Sentence("file_broken", "row {row:number} is cut short.", form="row_cut_short")
ROW_ENDS_EARLY = Sentence(
    "file_broken", "The row ends before its last column; get the file again.", form="row_ends_early"
)
ROW_NOT_IN_TABLE = Sentence("row_not_in_table", "Line {code:code} could not be read out of the tariff book.")
ROW_NOT_JSON = Sentence("file_broken", "row {row:number} is not JSON.", form="row_not_json")
ROW_REPEATED = Sentence("row_repeated", "An earlier row says the same; that one is kept.")
ROW_WITHOUT_LINE = Sentence("row_misshapen", "The row names no tariff line.", form="without_line")
RULE_EMPTY = Sentence("rule_empty", "The set holds no rule.")
RULE_RANGE_UNREADABLE = Sentence("rule_range_unreadable", "A rule's range is two codes of ten digits.")
SACU_RATE_UNREADABLE = Sentence(
    "rate_unreadable", "The {column} rate is not one that the schedule writes.", form="sacu"
)
SACU_ROW_MISSHAPEN = Sentence("row_misshapen", "The row is not a tariff line with ten cells.", form="sacu")
SCHEME_UNDATED = Sentence("scheme_undated", "A scheme has a code and a first day.")
SEASON_UNREADABLE = Sentence("season_unreadable", "A season is two days such as 01-06 to 31-10.")
SPECIAL_TREATMENT = Sentence(
    "special_treatment", "Item {code:code} is a treatment of importers or of uses, and not a line of goods."
)
SUBHEADING_ABSENT = Sentence(
    "line_absent", "The table has no line of subheading {code:code}; no duty of it is held.", form="subheading"
)
SUPPLEMENTARY_UNIT_UNKNOWN = Sentence(
    "unit_unknown", "The supplementary unit has no code in Recommendation 20 here.", form="supplementary"
)
TABLE_RATE_UNREADABLE = Sentence(
    "rate_unreadable", "The column {column:quoted} of line {code:code} has no rate that is read.", form="table"
)
TABLE_ROW_MISSHAPEN = Sentence(
    "row_misshapen", "The row is not a tariff line of {digits:number} digits with {cells:number} cells.", form="table"
)
TARIFF_NUMBER_MISSING = Sentence("code_unreadable", "The row has no tariff number of ten digits.", form="flag")
TERRITORY_UNKNOWN = Sentence("territory_unknown", "The table holds the tariffs of GB and EU; name one of them.")
VAT_RATES_UNREADABLE = Sentence(
    "file_not_vat_rates", "{file} or a list beside it cannot be read: {reason:english}.", form="unreadable"
)
VAT_RATE_UNREADABLE = Sentence(
    "rate_unreadable", "The entry of {economy} has no type or rate that can be read.", form="vat"
)
