"""What the seed states of its coverage and of the practices of territories."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

SUBJECT_TO_DEFENCE = Sentence(
    "phrase", "goods are subject to anti-dumping or countervailing measures", form="subject_to_defence"
)
DEFENCE_NAMED_BY_HEADING = Sentence(
    "phrase",
    "goods of measures in force and of provisional duties are named by heading",
    form="defence_named_by_heading",
)
UNTIL_SIXTY_DAYS_AFTER_LIST = Sentence(
    "phrase", "until sixty days after the day of the list", form="until_sixty_days_after_list"
)
UNTIL_SIXTY_DAYS_AFTER_DAY = Sentence("phrase", "until sixty days after that day", form="until_sixty_days_after_day")
EXCISE_GOODS_NAMED = Sentence(
    "phrase", "the goods that bear excise duty or excise tax are named", form="excise_goods_named"
)
FEES_OF_INSPECTIONS = Sentence(
    "phrase",
    "the fees for goods at the border are those for inspections of food, animals and plants, and are named by "
    "chapter or heading",
    form="fees_of_inspections",
)
STATISTICAL_LEVY = Sentence("phrase", "a statistical levy stands beside every line", form="statistical_levy")
FLAGGED_LINES_NAMED = Sentence(
    "phrase",
    "lines with an AD or CV duty flag are named, and special agricultural safeguards by heading",
    form="flagged_lines_named",
)
OTHER_PROGRAMMES_IN_PACKS = Sentence("phrase", "other programmes are in their packs", form="other_programmes_in_packs")
US_MEASURES_NOT_READ = Sentence(
    "phrase",
    "section 301 on Brazil from 2026-07-22 (FR 2026-14542) and on sixty economies for forced labour from "
    "2026-07-24 (FR 2026-15181), section 338 on Canada from 2026-08-22, section 232 on patented medicines "
    "from 2026-09-29: their goods and rates were not read",
    form="us_measures_not_read",
)
EXCISE_BEARING_NAMED = Sentence("phrase", "the goods that bear excise are named", form="excise_bearing_named")
VAT_BUT_UNITED_STATES = Sentence(
    "phrase",
    "all members levy VAT, except the United States, where sales taxes are levied at sub-national level",
    form="vat_but_united_states",
)
AGRICULTURAL_FEES_NAMED = Sentence(
    "phrase", "fees of agricultural programmes are named", form="agricultural_fees_named"
)
CUSTOMS_FEES_IN_PACK = Sentence("phrase", "those of customs are in their pack", form="customs_fees_in_pack")
SACU_EXCISE = Sentence(
    "phrase",
    "excise on petroleum, alcohol and tobacco, ad valorem excise on electronic equipment and cosmetics, and "
    "members' own levies",
    form="sacu_excise",
)
OTHER_LEVIES_OF_MEMBERS = Sentence(
    "phrase", "members take other levies beside the community integration tax", form="other_levies_of_members"
)
EXCISE_PAYABLE_LISTED = Sentence(
    "phrase", "the goods on which excise is payable are listed", form="excise_payable_listed"
)
MEASURES_IN_PLACE = Sentence("phrase", "measures in place", form="measures_in_place")
DEFENCE_TYPES_NAMED = Sentence(
    "phrase",
    "goods of measure types {types:and text}, and of the cases under way on {day:date}, are named by heading",
    form="defence_types_named",
)
EXCISE_GOODS = Sentence("phrase", "excise goods", form="excise_goods")
MEMBERS_MAY_LEVY = Sentence("phrase", "members may levy taxes on other products", form="members_may_levy")
NAMED_BY_HEADING = Sentence("phrase", "goods that bear them are named by heading", form="named_by_heading")
CUSTOMS_CHARGES_NOTHING = Sentence(
    "phrase", "customs charges nothing for its controls in opening hours", form="customs_charges_nothing"
)
OTHER_CONTROLS_BY_CHAPTER = Sentence(
    "phrase", "goods of other controls are named by chapter", form="other_controls_by_chapter"
)
TRADE_REMEDY_LINES_MARKED = Sentence(
    "phrase", "lines to which a trade remedy applies are marked", form="trade_remedy_lines_marked"
)
LATER_CASES_BY_HEADING = Sentence("phrase", "goods of later cases are named by heading", form="later_cases_by_heading")
CASES_NOT_READ = Sentence("phrase", "trade remedies may be imposed in cases that were not read", form="cases_not_read")
LIABLE_GOODS_NAMED = Sentence("phrase", "the goods liable to excise duty are named", form="liable_goods_named")
CHARGES_AT_BORDER = Sentence(
    "phrase",
    "animal products, plants and plant products owe charges at the border, and are named by chapter",
    form="charges_at_border",
)
SPECIAL_TAXES_ON = Sentence(
    "phrase", "special taxes on coffee, non-alcoholic beverages and motor vehicles", form="special_taxes_on"
)
OTHER_OVERSEAS_FRANCE = Sentence(
    "phrase", "other overseas departments and territories of France", form="other_overseas_france"
)
NOT_AMONG_STATES = Sentence(
    "phrase", "not among the States, the District of Columbia and Puerto Rico", form="not_among_states"
)
THE_STATES = Sentence("phrase", "the States, the District of Columbia and Puerto Rico", form="the_states")
NETHERLANDS_IN_EUROPE = Sentence(
    "phrase", "article 4(1), the Kingdom of the Netherlands in Europe alone", form="netherlands_in_europe"
)
OCTROI_NOT_HELD = Sentence(
    "phrase", "outside the fiscal territory; octroi de mer is not in the rulebook", form="octroi_not_held"
)
CUSTOMS_RULES_APPLY = Sentence("phrase", "customs rules apply", form="customs_rules_apply")
VAT_RULES_DO_NOT_APPLY = Sentence("phrase", "VAT rules do not apply", form="vat_rules_do_not_apply")
IN_NEITHER_TERRITORY = Sentence("phrase", "{name:english}, in neither territory", form="in_neither_territory")
PLACE_WITHOUT_VAT = Sentence("phrase", "{place:english}, VAT rules do not apply", form="place_without_vat")
NO_SOURCE_ON_TAX_BASE = Sentence("phrase", "no source found states the base of VAT", form="no_source_on_tax_base")
MONACO_AS_FRANCE = Sentence(
    "phrase", "Monaco, treated as territory of France for customs, VAT and excise", form="monaco_as_france"
)
CHANNEL_ISLANDS_OUTSIDE = Sentence(
    "phrase", "Channel Islands, outside the fiscal territory", form="channel_islands_outside"
)
VALUE_WITH_DUTIES = Sentence(
    "phrase", "the value with customs duties, excise duties and freight", form="value_with_duties"
)
VALUE_FREE_ON_BOARD = Sentence("phrase", "the customs value is the free on board value", form="value_free_on_board")
SIMILAR_ARRANGEMENTS = Sentence(
    "phrase", "similar arrangements with Guernsey and the Isle of Man", form="similar_arrangements"
)
FOB_AND_A_TENTH = Sentence(
    "phrase",
    "section 12(2), the free on board value and a tenth of it, or the open market value",
    form="fob_and_a_tenth",
)
PROVISIONAL_APPLICATION = Sentence(
    "phrase", "provisional application planned from 15 July 2026", form="provisional_application"
)
GUIDES_SAY_FOB_OR_CIF = Sentence("phrase", "one guide says FOB or CIF, another FOB", form="guides_say_fob_or_cif")
GUIDES_SAY_CIF_OR_FOB = Sentence("phrase", "one guide says CIF, another FOB", form="guides_say_cif_or_fob")
COMMON_TARIFF = Sentence("phrase", "no tariffs between them and one common external tariff", form="common_tariff")
NO_SOURCE_ON_VALUATION = Sentence("phrase", "no official source found says FOB or CIF", form="no_source_on_valuation")
FREE_PORT = Sentence(
    "phrase", "inside the customs territory by law, a free port in practice; no duty on arrival", form="free_port"
)
INDUSTRIAL_PRODUCTS = Sentence(
    "phrase", "industrial products and processed agricultural products", form="industrial_products"
)
DUTY_ON_CIF = Sentence("phrase", "import duty on the CIF value", form="duty_on_cif")
GOODS_INTO_NORTHERN_IRELAND = Sentence(
    "phrase", "goods brought into Northern Ireland", form="goods_into_northern_ireland"
)
AT_RISK_OF_MOVING = Sentence(
    "phrase", "goods at risk of moving to the EU bear the EU duty instead", form="at_risk_of_moving"
)
BUT_COAL_AND_STEEL = Sentence(
    "phrase", "customs union but for goods of the former ECSC Treaty in chapters 72 and 73", form="but_coal_and_steel"
)
COMMON_TAX_AREA = Sentence("phrase", "common tax area of the UK and the Isle of Man", form="common_tax_area")
CHARGES_AFTER_FOB = Sentence("phrase", "charges after the FOB point are in the value for VAT", form="charges_after_fob")
AD_VALOREM_ON_CIF = Sentence("phrase", "ad valorem on the c.i.f. value", form="ad_valorem_on_cif")
VAT_ON_CIF_AND_DUTY = Sentence("phrase", "VAT on CIF plus duty", form="vat_on_cif_and_duty")
VAT_FROM_SAN_MARINO = Sentence("phrase", "VAT is levied in the EU on goods from San Marino", form="vat_from_san_marino")
ANDORRA_NOT_FISCAL = Sentence("phrase", "Andorra, not in the fiscal territory", form="andorra_not_fiscal")
ANDORRA_UNION = Sentence("phrase", "Andorra, customs union for chapters 25 to 97", form="andorra_union")
WITHOUT_OCEAN_FREIGHT = Sentence(
    "phrase", "free on board, without ocean freight and insurance", form="without_ocean_freight"
)
NEAREST_RAND = Sentence("phrase", "the nearest rand, of fifty cents the lower", form="nearest_rand")
EXCHANGE_RATES_FOR_CUSTOMS = Sentence(
    "phrase", "rates of exchange for customs purposes", form="exchange_rates_for_customs"
)
US_TARIFFS_KEPT = Sentence(
    "phrase",
    "additional tariffs on goods of the United States are kept in force: on which goods is not held",
    form="us_tariffs_kept",
)
CONSUMPTION_TAX_BY_LINE = Sentence("phrase", "consumption tax is in the tariff by line", form="consumption_tax_by_line")
UNREAD_AMOUNTS_NAMED = Sentence(
    "phrase", "where its amount is not read, the goods are named", form="unread_amounts_named"
)
VAT_BY_LINE = Sentence("phrase", "VAT is in the tariff by line", form="vat_by_line")
PIS_COFINS_ICMS = Sentence("phrase", "PIS and COFINS by product, ICMS by state", form="pis_cofins_icms")
SISCOMEX_AND_AFRMM = Sentence(
    "phrase",
    "the fee of Siscomex, and the contribution for the merchant navy on carriage by sea (AFRMM)",
    form="siscomex_and_afrmm",
)
SPECIAL_DUTIES = Sentence("phrase", "special, anti-dumping and countervailing duties", form="special_duties")
CUSTOMS_PAYMENTS = Sentence("phrase", "customs payments", form="customs_payments")
CUSTOMS_FEES = Sentence("phrase", "customs fees", form="customs_fees")
EXCISE_ON_IMPORTS = Sentence("phrase", "excise on goods that are imported", form="excise_on_imports")
VALUE_WITH_INSURANCE_AND_FREIGHT = Sentence(
    "phrase", "the customs value includes insurance and international freight", form="value_with_insurance_and_freight"
)
ICMS_ON_A_SUM = Sentence(
    "phrase",
    "ICMS is taken on a sum that includes IPI, PIS, COFINS, the charges of customs and itself",
    form="icms_on_a_sum",
)
VAT_ON_DUTY_AND_CONSUMPTION_TAX = Sentence(
    "phrase", "VAT is taken on the value, the duty and the consumption tax", form="vat_on_duty_and_consumption_tax"
)
CARRIAGE_TO_UNION_BORDER = Sentence(
    "phrase",
    "carriage to the border of the Union is part of the value, in any situation",
    form="carriage_to_union_border",
)
SURCHARGES_OF_CHILE = Sentence(
    "phrase",
    "a surcharge on used goods, specific duties of price bands, anti-dumping and countervailing duties",
    form="surcharges_of_chile",
)
TAXES_ON_LISTED_GOODS = Sentence(
    "phrase", "taxes on beverages, alcohol, tobacco, luxury goods and fireworks", form="taxes_on_listed_goods"
)
FEE_FOR_EXAMINATION = Sentence("phrase", "a fee for the examination of goods", form="fee_for_examination")
DUMPING_DUTY = Sentence("phrase", "dumping duty", form="dumping_duty")
WINE_TAX = Sentence("phrase", "wine tax on imported wine", form="wine_tax")
LUXURY_CAR_TAX = Sentence("phrase", "luxury car tax", form="luxury_car_tax")
LEVY_ON_WOOD = Sentence("phrase", "a levy on wood", form="levy_on_wood")
PROTECTION_OF_NATIONAL_GOODS = Sentence(
    "phrase", "additional duties that protect goods made in the country", form="protection_of_national_goods"
)
TAXES_ON_TOBACCO_AND_LIQUOR = Sentence(
    "phrase", "taxes on imported tobacco and liquor", form="taxes_on_tobacco_and_liquor"
)
TAX_DEPOSITS = Sentence("phrase", "tax deposits that customs takes when goods arrive", form="tax_deposits")
CIDE_ON_FUELS = Sentence("phrase", "a contribution on fuels that are imported (CIDE)", form="cide_on_fuels")
IPI_IN_PACK = Sentence("phrase", "the tax on industrialised products (IPI) is in its pack", form="ipi_in_pack")
OIL_POLLUTION_FUND = Sentence(
    "phrase", "a contribution on oil carried by sea, for damage by ships", form="oil_pollution_fund"
)
LEVY_ON_MEAT = Sentence("phrase", "a levy on imported meat and poultry", form="levy_on_meat")
LEVY_ON_FLOUR = Sentence("phrase", "a levy on wheat flour that is imported", form="levy_on_flour")
TAXES_BESIDE_COMMON_TARIFF = Sentence(
    "phrase",
    "members may take an import adjustment tax or a supplementary protection tax",
    form="taxes_beside_common_tariff",
)
LEVIES_ON_FARM_PRODUCTS = Sentence(
    "phrase", "levies on agricultural products that are imported", form="levies_on_farm_products"
)
