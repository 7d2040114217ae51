"""What the seed states beside the place in a source: how a rate is known, and which page has no date."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

STANDARD_RATE_OF = Sentence("phrase", "standard rate of {economy:economy}", form="standard_rate_of")
STANDARD_RATE_NAMED = Sentence("phrase", "standard rate of {country:english}", form="standard_rate_named")
STANDARD_RATE = Sentence("phrase", "standard rate", form="standard_rate")
STANDARD_RATE_FROM = Sentence("phrase", "standard rate from {day:date}", form="standard_rate_from")
LISTS_AGREE = Sentence("phrase", "lists that agree: {lists:list english}", form="lists_agree")
IN_ONE_LIST = Sentence("phrase", "in one list: {list:english}", form="in_one_list")
ANNEX_EXHAUSTIVE = Sentence("phrase", "annex {annex:text} is exhaustive", form="annex_exhaustive")
WHOLE_OF_IT = Sentence("phrase", "the whole of it", form="whole_of_it")
PART_OF_IT = Sentence("phrase", "a part of it", form="part_of_it")
RATE_ON_IMPORTS = Sentence("phrase", "{rate:percent} on the value of goods imported", form="rate_on_imports")
CHART_REVIEWED = Sentence("phrase", "chart: reviewed on {day:date}", form="chart_reviewed")
CHART_RATE_REVIEWED = Sentence("phrase", "chart: {rate:percent}, reviewed on {day:date}", form="chart_rate_reviewed")
RATE_ON_SUPPLIES_AND_IMPORTS = Sentence(
    "phrase", "{rate:percent} on supplies and imports from {day:date}", form="rate_on_supplies_and_imports"
)
RATE_ON_IMPORTS_FROM = Sentence("phrase", "{rate:percent} on imports from {day:date}", form="rate_on_imports_from")
CASUAL_GOODS = Sentence(
    "phrase", "collected on casual goods, which are not for sale or commercial use", form="casual_goods"
)
TENTH_FOR_COUNCILS = Sentence("phrase", "{rate:percent} and a tenth of it for councils", form="tenth_for_councils")
RATE_FROM = Sentence("phrase", "{rate:percent} from {day:date}", form="rate_from")
RATE_UNTIL = Sentence("phrase", "{rate:percent} until {day:date}", form="rate_until")
CIRCULAR_TOO = Sentence("phrase", "the circular: in {year:text} too", form="circular_too")
TABLE_OF_AFRICA = Sentence("phrase", "table of Africa: {economy:economy}", form="table_of_africa")
TABLE_OF_DAY = Sentence("phrase", "table of {day:date}: {economy:economy}", form="table_of_day")
LIST_AGREES = Sentence("phrase", "the list of {count:number} agrees", form="list_agrees")
SAME_BASE_AS_VAT = Sentence("phrase", "on the same base as VAT", form="same_base_as_vat")
IN_PLACE_OF_RATE = Sentence("phrase", "{rate:percent} in place of {other:percent}", form="in_place_of_rate")
LAW_RATE_UNTIL = Sentence("phrase", "law of {enacted:date}: {rate:percent} until {day:date}", form="law_rate_until")
LAW_RATE_FROM = Sentence("phrase", "law of {enacted:date}: standard rate from {day:date}", form="law_rate_from")
NOTICE_RATE_UNTIL = Sentence("phrase", "public notice: {rate:percent} until {day:date}", form="notice_rate_until")
NOTICE_RATE_FROM = Sentence("phrase", "public notice: {rate:percent} from {day:date}", form="notice_rate_from")
REDUCED_UNTIL = Sentence("phrase", "reduced from {rate:percent} until {day:date}", form="reduced_until")
WITHOUT_THE_TENTH = Sentence("phrase", "value for customs duty, without the tenth added", form="without_the_tenth")
MAJORITY_OF_GOODS = Sentence(
    "phrase", "{rate:percent} on the majority of goods, including imports", form="majority_of_goods"
)
COLLECTED_FROM_LIMIT = Sentence(
    "phrase", "collected on goods worth {limit:number} {currency:text} or more", form="collected_from_limit"
)
COLLECTED_FROM_LIMIT_WITH_FREIGHT = Sentence(
    "phrase",
    "collected on goods worth {limit:number} {currency:text} or more with duties, excise and freight",
    form="collected_from_limit_with_freight",
)
NEITHER_ANNEX_NOR_DEROGATION = Sentence(
    "phrase", "for goods that neither annex III nor a derogation names", form="neither_annex_nor_derogation"
)
ZERO_FOR_CHILDREN = Sentence(
    "phrase",
    "zero where it is designed for young children (under {age:number}), suitable only for them and not of fur "
    "(HMRC, VCLOTHING1200 and VCLOTHING4250)",
    form="zero_for_children",
)
INQUIRY_INTO_VEGETABLES = Sentence(
    "phrase", "inquiry into vegetable goods, report due {day:date}", form="inquiry_into_vegetables"
)
THIRD_COUNTRIES = Sentence("phrase", "on goods of third countries", form="third_countries")
MEMBERS_EXEMPT = Sentence("phrase", "the union's own members are exempt", form="members_exempt")
VALUE_OF_THIRD_COUNTRIES = Sentence(
    "phrase", "on the value of goods of third countries", form="value_of_third_countries"
)
CIF_FOR_COMMERCE = Sentence(
    "phrase", "CIF value of goods imported for commerce, petroleum excepted", form="cif_for_commerce"
)
FLAG_MEANING = Sentence("phrase", "flag {flag:text}", form="flag_meaning")
ITS_MEANING = Sentence("phrase", "its meaning: {source:english}", form="its_meaning")
DUTY_FLAG = Sentence("phrase", "{kind:text} duty flag", form="duty_flag")
CONVERSION_FACTOR = Sentence("phrase", "conversion factor {factor:number}", form="conversion_factor")
AFTER_REVISION = Sentence("phrase", "HTS chapter 99 after revision {revision:number}", form="after_revision")
MOTOR_FUEL_OR_HEATING = Sentence(
    "phrase", "where they are meant as motor fuel or for heating", form="motor_fuel_or_heating"
)
CASES_UNDER_WAY = Sentence("phrase", "cases under way: {goods:sentence}", form="cases_under_way")
CASE_UNDER_WAY_OR_CLOSED = Sentence(
    "phrase", "case under way or closed since: {goods:sentence}", form="case_under_way_or_closed"
)
SUSPENDED_BETWEEN = Sentence("phrase", "suspended from {start:date} to {end:date}", form="suspended_between")
MEASURE_TYPE = Sentence("phrase", "measure type {type:number}", form="measure_type")
MEASURE_TYPES = Sentence("phrase", "measure types {types:and text}", form="measure_types")
RELIEF_UP_TO = Sentence("phrase", "relief up to {limit:number} {currency:text}", form="relief_up_to")
SCHEME = Sentence("phrase", "scheme {name:text}", form="scheme")
UNDATED_PAGE = Sentence("phrase", "{title:english} (undated page)", form="undated_page")
UNDATED_PAGE_AFTER_COMMA = Sentence("phrase", "{title:english}, undated page", form="undated_page_after_comma")
UNDATED_PAGES = Sentence("phrase", "{title:english}, undated pages", form="undated_pages")
UNDATED_FILE = Sentence("phrase", "{title:english}, undated file", form="undated_file")
UNDATED_PAGE_GUIDE = Sentence(
    "phrase",
    "{title:english}, undated page, which does not say where the value ends; a guide says free on board",
    form="undated_page_guide",
)
UNDATED_PAGE_OTHER_GUIDE = Sentence(
    "phrase", "{title:english}, undated page; another guide says free on board", form="undated_page_other_guide"
)
GOODS_CLASSIFICATION = Sentence(
    "phrase", "{goods:sentence}: a tariff classification of the list", form="goods_classification"
)
GOODS_CLASSIFICATIONS = Sentence(
    "phrase", "{goods:sentence}: tariff classifications of the list", form="goods_classifications"
)
UNDATED_PAGE_WITHOUT = Sentence("phrase", "{title:english} (page without a date)", form="undated_page_without")
QUOTED_IN_REPOSITORIES = Sentence("phrase", "as quoted in public repositories", form="quoted_in_repositories")
REPEATED_BY_THIRD_PARTIES = Sentence("phrase", "as repeated by third parties", form="repeated_by_third_parties")
FIGURES_OF_BROKERS = Sentence("phrase", "figures as repeated by customs brokers", form="figures_of_brokers")
MEMBERS_OF_THIRD_PARTIES = Sentence("phrase", "members as listed by third parties", form="members_of_third_parties")
MEMBERS_OF_A_COPY = Sentence(
    "phrase", "members as an undated copy of U.S. note 1 has them: {address:text}", form="members_of_a_copy"
)
FOR_THE_DAY = Sentence("phrase", "{name:english} for the day", form="for_the_day")
FOR_THE_DEFINITION = Sentence("phrase", "{name:english} for the definition", form="for_the_definition")
FOR_THE_GUIDE = Sentence("phrase", "{name:english} for the guide", form="for_the_guide")
FOR_THE_OTHER = Sentence("phrase", "{name:english} for the other", form="for_the_other")
LAW_AS_CHANGED = Sentence("phrase", "{name:english}, on the law as changed in {year:text}", form="law_as_changed")
ON_THE_BILL = Sentence("phrase", "{name:english} on the bill", form="on_the_bill")
RATE_OF_INSPECTOR = Sentence(
    "phrase", "rate as stated by an inspector of customs to Xinhua in {year:text}", form="rate_of_inspector"
)
RATE_OF_SITES = Sentence("phrase", "rate as stated by {names:english}", form="rate_of_sites")
PAPERS_AGREE = Sentence("phrase", "other papers agree on the rate and the day", form="papers_agree")
UNDATED_PAGES_ON_RATES = Sentence(
    "phrase", "{name:english} (undated pages on the zero and the reduced rate)", form="undated_pages_on_rates"
)
QUOTING_AUTHORITY = Sentence("phrase", "{name:english} quoting the Ghana Revenue Authority", form="quoting_authority")
NAME_AS_OF = Sentence("phrase", "{name:english}, as of {day:date}", form="name_as_of")
OPEN_DATA_FOR_NOTIFICATION = Sentence(
    "phrase", "{name:text} open data for the WTO notification", form="open_data_for_notification"
)
ORDER_SINCE = Sentence("phrase", "{order:text}, since {later:text}", form="order_since")
FROM_DAY_IN_FRANCE = Sentence(
    "phrase",
    "from {day:date}, metropolitan France, Guadeloupe, Martinique, Réunion and Monaco",
    form="from_day_in_france",
)
PUT_OFF_BY_ITALY = Sentence("phrase", "put off by Italy on {day:date}", form="put_off_by_italy")
PER_PARCEL_OF_DISTANCE_SALES = Sentence(
    "phrase",
    "{amount:number} {currency:text} a parcel of distance sales of less than {limit:number} {unit:text}",
    form="per_parcel_of_distance_sales",
)
REPORTED_BY_TWO = Sentence(
    "phrase", "as {paper:english} and a customs broker ({site:text}) report it", form="reported_by_two"
)
RATE_IN_TEXT_ADOPTED = Sentence(
    "phrase", "the rate is {amount:number} {currency:text} in the text adopted", form="rate_in_text_adopted"
)
TWO_AGREE_ON_AMOUNT = Sentence(
    "phrase",
    "{one:english} and a notice of {other:english} agree on the amount and the day",
    form="two_agree_on_amount",
)
LEVY_ON_EVERY_LINE = Sentence(
    "phrase",
    "{levy:number} on every line of the schedule, which has the ordinary duties of {year:text}",
    form="levy_on_every_line",
)
COLLECTION_OF_SCHEDULES = Sentence(
    "phrase", "a public collection of official schedules", form="collection_of_schedules"
)
RATES_OF_OTHER_YEAR = Sentence(
    "phrase", "{count:text} of its ordinary rates are those of {year:text}", form="rates_of_other_year"
)
SUPERVISION_CONDITION = Sentence("phrase", "supervision condition {letter:text}", form="supervision_condition")
SUPERVISION_AND_INSPECTION = Sentence(
    "phrase",
    "supervision condition {letter:text}, inspection by category {categories:list text}",
    form="supervision_and_inspection",
)
INSPECTION_BY_CATEGORY = Sentence(
    "phrase", "inspection by category {categories:list text}", form="inspection_by_category"
)
IMPORT_POLICY = Sentence("phrase", "import policy by {acts:list text}", form="import_policy")
