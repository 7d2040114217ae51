"""Amounts that the seed states in words, because it holds no figure or no single one."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

NOT_HELD = Sentence("phrase", "{words:sentence}, and not held", form="not_held")
NOT_CONFIRMED = Sentence("phrase", "{words:sentence}, and not confirmed", form="not_confirmed")
IN_ONE_LIST_WRONG = Sentence(
    "phrase", "{rate:percent} in one list, which is known to be wrong here", form="in_one_list_wrong"
)
SET_BY_PROVINCE = Sentence("phrase", "set by the province, {least:percent} to {most:percent}", form="set_by_province")
SET_BY_STRENGTH_AND_VOLUME = Sentence("phrase", "set by strength and volume", form="set_by_strength_and_volume")
SET_BY_KIND_WEIGHT_AND_NUMBER = Sentence(
    "phrase", "set by kind, weight and number", form="set_by_kind_weight_and_number"
)
SET_BY_VAPING_SUBSTANCE = Sentence(
    "phrase", "set by weight or volume where the goods hold a vaping substance", form="set_by_vaping_substance"
)
SET_BY_CANNABIS = Sentence(
    "phrase", "set by weight or strength where the goods are of cannabis", form="set_by_cannabis"
)
SET_BY_KIND_AND_VOLUME = Sentence("phrase", "set by kind and volume", form="set_by_kind_and_volume")
SET_BY_UNIT = Sentence("phrase", "set by unit", form="set_by_unit")
SET_BY_FUEL_CONSUMPTION = Sentence("phrase", "set by fuel consumption", form="set_by_fuel_consumption")
SET_BY_PRICE = Sentence("phrase", "set by price", form="set_by_price")
SET_BY_ORIGIN_AND_EXPORTER = Sentence("phrase", "set by origin and exporter", form="set_by_origin_and_exporter")
RATES_BY_ORDER_AND_QUOTA = Sentence(
    "phrase", "{rate:percent} or {other:percent} by order, origin and quota", form="rates_by_order_and_quota"
)
PROVISIONAL_SAFEGUARD = Sentence("phrase", "a provisional safeguard may be set", form="provisional_safeguard")
RATE_OF_A_LIST = Sentence("phrase", "{rate:percent} for the goods of a list", form="rate_of_a_list")
RATES_OF_A_LIST = Sentence("phrase", "{low:percent} or {high:percent} for the goods of a list", form="rates_of_a_list")
GENERAL_TARIFF = Sentence(
    "phrase",
    "{rate:percent} for virtually all goods in place of the most-favoured-nation tariff",
    form="general_tariff",
)
ORDINARY_RATE = Sentence(
    "phrase",
    "ordinary rate in place of the most-favoured-nation rate where the origin has no such treatment",
    form="ordinary_rate",
)
SET_BY_KIND_OF_INSPECTION = Sentence("phrase", "set by kind of inspection", form="set_by_kind_of_inspection")
SET_BY_KIND_AND_USE = Sentence("phrase", "set by kind and use", form="set_by_kind_and_use")
SET_BY_KIND_AND_DOSE = Sentence("phrase", "set by kind and dose", form="set_by_kind_and_dose")
SET_BY_LIST_AND_WEIGHT = Sentence("phrase", "set by list and weight", form="set_by_list_and_weight")
SET_BY_LOAD = Sentence("phrase", "set by load", form="set_by_load")
SET_BY_ARTICLE = Sentence("phrase", "set by article", form="set_by_article")
SET_BY_WEIGHT_OR_FUEL_ECONOMY = Sentence(
    "phrase", "set by weight or fuel economy", form="set_by_weight_or_fuel_economy"
)
SET_BY_PROGRAMME = Sentence("phrase", "set by the programme for the commodity", form="set_by_programme")
SET_BY_COTTON = Sentence("phrase", "set each year by the cotton in the goods", form="set_by_cotton")
SET_BY_PRICE_OR_VOLUME = Sentence("phrase", "set by price or volume", form="set_by_price_or_volume")
PERCENTAGE_OF_LISTED_GOODS = Sentence(
    "phrase", "a percentage of the value of listed goods", form="percentage_of_listed_goods"
)
SET_BY_KIND_AND_WEIGHT = Sentence("phrase", "set by kind and weight", form="set_by_kind_and_weight")
SET_BY_EMISSIONS = Sentence("phrase", "set by emissions", form="set_by_emissions")
MEMBER_STRENGTH_AND_VOLUME = Sentence(
    "phrase", "set by each member by strength and volume", form="member_strength_and_volume"
)
MEMBER_PRICE_AND_NUMBER = Sentence("phrase", "set by each member by price and number", form="member_price_and_number")
MEMBER_KIND_AND_USE = Sentence("phrase", "set by each member by kind and use", form="member_kind_and_use")
MEMBER_CONSIGNMENT = Sentence("phrase", "set by each member by consignment", form="member_consignment")
SET_BY_COFFEE = Sentence("phrase", "set by weight of the coffee in it", form="set_by_coffee")
SET_BY_ALCOHOL = Sentence("phrase", "set by the alcohol in it", form="set_by_alcohol")
SET_BY_LIQUID = Sentence(
    "phrase", "set by volume where the goods hold liquid for electronic cigarettes", form="set_by_liquid"
)
SET_BY_SUGAR_AND_VOLUME = Sentence("phrase", "set by sugar and volume", form="set_by_sugar_and_volume")
SET_BY_VOLUME = Sentence("phrase", "set by volume", form="set_by_volume")
SET_BY_WEIGHT = Sentence("phrase", "set by weight", form="set_by_weight")
SET_BY_WEIGHT_AND_VOLUME = Sentence("phrase", "set by weight and volume", form="set_by_weight_and_volume")
SET_BY_EMISSIONS_AND_PRICE = Sentence("phrase", "set by emissions and price", form="set_by_emissions_and_price")
SET_BY_CAPACITY = Sentence("phrase", "set by capacity", form="set_by_capacity")
SET_BY_ORIGIN_AND_PRODUCER = Sentence("phrase", "set by origin and producer", form="set_by_origin_and_producer")
SUSPENDED_DUTIES = Sentence(
    "phrase", "duties on listed goods, which were suspended until {day:date}", form="suspended_duties"
)
SET_BY_QUOTA_AND_ORIGIN = Sentence("phrase", "set by quota and origin", form="set_by_quota_and_origin")
BEYOND_QUOTAS = Sentence("phrase", "{rate:percent} beyond quotas by category", form="beyond_quotas")
SET_BY_PRODUCT_AND_DAY = Sentence("phrase", "set by product and day", form="set_by_product_and_day")
SET_BY_EMBEDDED_EMISSIONS = Sentence(
    "phrase", "set by the emissions of making the goods, settled by certificates", form="set_by_embedded_emissions"
)
SET_BY_CASE_AND_ORIGIN = Sentence("phrase", "set by case and origin", form="set_by_case_and_origin")
RATE_ON_LISTED_GOODS = Sentence("phrase", "{rate:percent} on listed goods", form="rate_on_listed_goods")
SET_BY_PORT_AND_COMMODITY = Sentence("phrase", "set by port and commodity", form="set_by_port_and_commodity")
RATE_OF_MEDICINES = Sentence(
    "phrase", "[rate: set by the proclamation on patented medicines]", form="rate_of_medicines"
)
RATE_RECIPROCAL_NON_METAL = Sentence(
    "phrase", "[rate: reciprocal, on the value of the content that is not metal]", form="rate_reciprocal_non_metal"
)
RATE_OF_THE_ORDER = Sentence("phrase", "[rate: set by the order of the case]", form="rate_of_the_order")
PREFERENTIAL_RATE_NOT_HELD = Sentence(
    "phrase", "preferential rate, not in this rulebook", form="preferential_rate_not_held"
)
STAGED_RATE = Sentence("phrase", "staged rate, known for {year:text} only", form="staged_rate")
DISPUTED_IN_SCHEDULE = Sentence("phrase", "disputed in the schedule: {rates:expression}", form="disputed_in_schedule")
TRADE_REMEDY_NOT_IN_SCHEDULE = Sentence(
    "phrase", "trade remedy duty, not in this schedule", form="trade_remedy_not_in_schedule"
)
UNTIL_REVIEW_ENDS = Sentence(
    "phrase",
    "{rate:expression}, or {other:expression} until the trade remedy review has ended",
    form="until_review_ends",
)
SUSPENDED_RATE = Sentence("phrase", "suspended rate, not in this schedule", form="suspended_rate")
RATE_WITHIN_QUOTA = Sentence("phrase", "rate within the quota, not in this schedule", form="rate_within_quota")
PER_CODE_IN_SIMPLIFIED_DECLARATION = Sentence(
    "phrase",
    "{amount:number} {currency:text} for the goods of one code in the simplified declaration",
    form="per_code_in_simplified_declaration",
)
PER_PARCEL_PUT_OFF = Sentence(
    "phrase",
    "{amount:number} {currency:text} a parcel by the budget act for {year:text}, put off to July 2026",
    form="per_parcel_put_off",
)
IN_UNDATED_SCHEDULE = Sentence("phrase", "{rate:percent} in a schedule without a date", form="in_undated_schedule")
SET_ANEW_EACH_YEAR = Sentence("phrase", "set anew for each year", form="set_anew_each_year")
LEFT_BLANK = Sentence("phrase", "left blank in the table", form="left_blank")
RATE_BY_GOODS = Sentence("phrase", "[kind of goods: {rate:percent} or {other:percent}]", form="rate_by_goods")
RATES_BY_GOODS = Sentence("phrase", "[kind of goods: {least:percent} to {most:percent}]", form="rates_by_goods")
SET_BY_CHAPTER = Sentence("phrase", "set by chapter {chapter:number}", form="set_by_chapter")
SET_BY_PRICE_OR_LEFT_BLANK = Sentence(
    "phrase", "set by price, or left blank in the table", form="set_by_price_or_left_blank"
)
STATED_IN_FORM_NOT_READ = Sentence("phrase", "stated in a form that is not read", form="stated_in_form_not_read")
# The engine's before the other: any text would be a rate.
TEMPORARY_RATE_OTHER_COPY_OF_ENGINE = Sentence(
    "phrase",
    "[temporary rate: another copy of the tariff has other figures than {words:sentence}]",
    form="temporary_rate_other_copy_of_engine",
)
TEMPORARY_RATE_BY_NOTE = Sentence(
    "phrase", "[temporary rate: note {notes:list text} may replace {rate:expression}]", form="temporary_rate_by_note"
)
TEMPORARY_RATE_OTHER_COPY = Sentence(
    "phrase",
    "[temporary rate: another copy of the tariff has other figures than {rate:expression}]",
    form="temporary_rate_other_copy",
)
INDEXED_RATE = Sentence("phrase", "[indexed rate: {words:sentence} when the table was made]", form="indexed_rate")
LATER_STEPS = Sentence("phrase", "[later steps: the list of the agreement has the first alone]", form="later_steps")
SECOND_RATE = Sentence(
    "phrase", "[second rate: {rate:percent} in the table, which does not say what for]", form="second_rate"
)
BY_SOLUBLE_SOLIDS = Sentence("phrase", "[soluble solids: {words:sentence}]", form="by_soluble_solids")
BY_ENGINE_CAPACITY = Sentence("phrase", "[engine capacity: {words:sentence}]", form="by_engine_capacity")
ENGINE_CAPACITY = Sentence("phrase", "engine capacity: {words:sentence}", form="engine_capacity")
PER_CUBIC_CENTIMETRE = Sentence("phrase", "{amount:number} EUR a cm3", form="per_cubic_centimetre")
NOT_LESS_PER_CUBIC_CENTIMETRE = Sentence(
    "phrase", "{rate:percent} but not less than {amount:number} EUR a cm3", form="not_less_per_cubic_centimetre"
)
LOWER_OF_BOTH = Sentence("phrase", "the lower of {rate:percent} and {words:sentence}", form="lower_of_both")
ITEMS_UP_TO_PRICE = Sentence(
    "phrase",
    "[price: {low:percent} of items of up to {limit:number} USD, of others {high:percent} + {amount:number} CNY an "
    "item]",
    form="items_up_to_price",
)
GROSS_PRICE_FROM_LIMIT = Sentence(
    "phrase",
    "[price: {rate:percent} of the price with the tax from {limit:number} CNY a unit on, below it 0]",
    form="gross_price_from_limit",
)
PER_LITRE_FROM_PRICE = Sentence(
    "phrase",
    "[price: {high:number} CNY/litre from {limit:number} CNY a unit on, below it {low:number} CNY/litre]",
    form="per_litre_from_price",
)
PERCENT_AND_AMOUNT = Sentence("phrase", "{rate:percent} and {words:sentence}", form="percent_and_amount")
A_LITRE_OF_ALCOHOL_ABOVE = Sentence(
    "phrase", "{amount:number} AUD a litre of alcohol above {least:number}% by volume", form="a_litre_of_alcohol_above"
)
A_LITRE_OF_ALCOHOL = Sentence("phrase", "{amount:number} AUD a litre of alcohol", form="a_litre_of_alcohol")
A_KILOGRAM_OF_TOBACCO = Sentence("phrase", "{amount:number} AUD a kilogram of tobacco", form="a_kilogram_of_tobacco")
A_KILOGRAM_OF_SOLIDS = Sentence("phrase", "{amount:number} AUD a kilogram of TSS", form="a_kilogram_of_solids")
A_LITRE = Sentence("phrase", "{amount:number} AUD a litre", form="a_litre")
A_KILOGRAM = Sentence("phrase", "{amount:number} AUD a kilogram", form="a_kilogram")
A_STICK = Sentence("phrase", "{amount:number} AUD a stick", form="a_stick")
