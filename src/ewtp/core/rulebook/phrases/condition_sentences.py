"""Conditions and remarks of rules, as the seed words them."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

EXEMPT_ORGANIC_COTTON = Sentence(
    "phrase", "exempt as organic, as not upland, or as grown in the United States", form="exempt_organic_cotton"
)
WITHOUT_THREE_METALS = Sentence("phrase", "goods without any aluminum, steel or copper", form="without_three_metals")
METALS_BELOW_SHARE = Sentence(
    "phrase", "the listed metals are less than {share:percent} of the weight", form="metals_below_share"
)
METAL_MELTED_IN_US = Sentence(
    "phrase",
    "{share:percent} of the metal melted and poured, or smelted and cast, in the United States",
    form="metal_melted_in_us",
)
METAL_MELTED_IN_UK = Sentence(
    "phrase",
    "{share:percent} of the metal melted and poured, smelted or cast in the United Kingdom",
    form="metal_melted_in_uk",
)
PARTS_UNDER_USMCA = Sentence("phrase", "parts entered under the USMCA", form="parts_under_usmca")
PARTS_OF_HEAVY_VEHICLES = Sentence("phrase", "parts of medium- or heavy-duty vehicles", form="parts_of_heavy_vehicles")
NOT_PARTS_OF_HEAVY_VEHICLES = Sentence(
    "phrase", "not parts of medium- or heavy-duty vehicles", form="not_parts_of_heavy_vehicles"
)
PARTS_OF_PASSENGER_VEHICLES = Sentence(
    "phrase", "parts of passenger vehicles or light trucks", form="parts_of_passenger_vehicles"
)
NOT_PARTS_OF_PASSENGER_VEHICLES = Sentence(
    "phrase", "not parts of passenger vehicles or light trucks", form="not_parts_of_passenger_vehicles"
)
STEEL_AUTHORISED_USMCA = Sentence(
    "phrase",
    "steel of Canada or Mexico, preferential under the USMCA, in a quantity that Commerce authorised",
    form="steel_authorised_usmca",
)
ALUMINUM_AUTHORISED_USMCA = Sentence(
    "phrase",
    "aluminum of Canada or Mexico, preferential under the USMCA, in a quantity that Commerce authorised",
    form="aluminum_authorised_usmca",
)
CIVIL_AIRCRAFT = Sentence("phrase", "articles of civil aircraft", form="civil_aircraft")
CIVIL_AIRCRAFT_MANNED = Sentence(
    "phrase", "articles of civil aircraft other than unmanned aircraft", form="civil_aircraft_manned"
)
CIVIL_AIRCRAFT_NOTE_6 = Sentence(
    "phrase", "articles of civil aircraft that meet general note 6", form="civil_aircraft_note_6"
)
CIVIL_AIRCRAFT_MANNED_NOTE_6 = Sentence(
    "phrase",
    "articles of civil aircraft other than unmanned aircraft, that meet general note 6",
    form="civil_aircraft_manned_note_6",
)
CIVIL_AIRCRAFT_COMPONENTS = Sentence(
    "phrase",
    "components of civil aircraft other than unmanned aircraft that note 35(c) lists, which is not in the rulebook",
    form="civil_aircraft_components",
)
PARTS_CERTIFIED_FOR_HEAVY_VEHICLES = Sentence(
    "phrase",
    "parts that the importer certifies for making or repairing medium- or heavy-duty vehicles in the United States",
    form="parts_certified_for_heavy_vehicles",
)
PARTS_CERTIFIED_FOR_AUTOMOBILES = Sentence(
    "phrase",
    "parts that the importer certifies for making or repairing automobiles in the United States",
    form="parts_certified_for_automobiles",
)
PARTS_CERTIFIED_FOR_UK_AUTOMOBILES = Sentence(
    "phrase",
    "parts that the importer certifies for automobiles that are products of the United Kingdom",
    form="parts_certified_for_uk_automobiles",
)
MOTORCYCLE_PARTS = Sentence(
    "phrase", "motorcycle parts for making motorcycles in the United States", form="motorcycle_parts"
)
USMCA_NON_US_CONTENT = Sentence(
    "phrase", "goods of the USMCA owe on their non-U.S. content only", form="usmca_non_us_content"
)
WITHIN_QUOTA_NOTE_33I = Sentence("phrase", "entered within the quota of note 33(i)", form="within_quota_note_33i")
HEAVY_VEHICLE_NO_LIGHT_TRUCK = Sentence(
    "phrase", "a medium- or heavy-duty vehicle, and no light truck", form="heavy_vehicle_no_light_truck"
)
NOT_HEAVY_VEHICLES = Sentence("phrase", "not medium- or heavy-duty vehicles", form="not_heavy_vehicles")
NEITHER_CARS_NOR_LIGHT_TRUCKS = Sentence(
    "phrase", "neither passenger vehicles nor light trucks", form="neither_cars_nor_light_trucks"
)
NEITHER_CABINETS_NOR_VANITIES = Sentence(
    "phrase",
    "neither completed kitchen cabinets or vanities of wood nor parts of them",
    form="neither_cabinets_nor_vanities",
)
MADE_YEARS_BEFORE = Sentence(
    "phrase", "made {years:number} years or more before the year of entry", form="made_years_before"
)
WITHOUT_PARAMETERS_39B = Sentence(
    "phrase", "without the technical parameters of note 39(b)", form="without_parameters_39b"
)
FOR_DATA_CENTERS = Sentence("phrase", "for use in data centers of the United States", form="for_data_centers")
FOR_REPAIRS_IN_US = Sentence("phrase", "for repairs or replacements in the United States", form="for_repairs_in_us")
FOR_RESEARCH_IN_US = Sentence("phrase", "for research and development in the United States", form="for_research_in_us")
FOR_STARTUPS_IN_US = Sentence("phrase", "for use by startups in the United States", form="for_startups_in_us")
FOR_CONSUMER_ELECTRONICS = Sentence(
    "phrase", "for consumer electronics outside data centers", form="for_consumer_electronics"
)
FOR_CIVIL_INDUSTRY = Sentence(
    "phrase", "for civil industrial applications outside data centers", form="for_civil_industry"
)
FOR_PUBLIC_SECTOR = Sentence("phrase", "for use in the public sector of the United States", form="for_public_sector")
ENTERED_FORMALLY = Sentence("phrase", "entered formally", form="entered_formally")
EXCLUSION_UNDER_HEADING = Sentence(
    "phrase", "goods that an exclusion under this heading describes", form="exclusion_under_heading"
)
ORIGINATING_CAFTA_DR = Sentence("phrase", "originating goods of CAFTA-DR", form="originating_cafta_dr")
LESSER_DEVELOPED_TEXTILES = Sentence(
    "phrase",
    "products of a lesser developed economy that U.S. note 2(d) lists, wholly formed in such economies from "
    "fibres, yarns or fabrics that are theirs, with a visa of the economy",
    form="lesser_developed_textiles",
)
AGOA_APPAREL = Sentence(
    "phrase",
    "assembled in such economies from fabric or yarn of the United States (9819.11.03, .06, .30) or of such "
    "economies (.09), or, in a lesser developed one that U.S. note 2(d) lists, from any fabric (.12), within "
    "yearly limits for .09 and .12, or of a kind that 9819.11.15 to .27 describe, with a visa of the economy",
    form="agoa_apparel",
)
ENTERED_FREE_USMCA = Sentence("phrase", "entered free under the USMCA", form="entered_free_usmca")
TEXTILES_FREE_DR_CAFTA = Sentence(
    "phrase", "textiles and apparel entered free under DR-CAFTA", form="textiles_free_dr_cafta"
)
ONLY_ETROGS = Sentence("phrase", "only etrogs", form="only_etrogs")
ONLY_FROZEN_TROPICAL_FRUIT = Sentence("phrase", "only tropical fruit, frozen", form="only_frozen_tropical_fruit")
ONLY_RELIGIOUS_BRANCHES = Sentence(
    "phrase",
    "only palm and myrtle branches and other plant material for religious purposes only",
    form="only_religious_branches",
)
ONLY_RELIGIOUS_BREAD = Sentence(
    "phrase", "only bread, cakes and other bakers' wares for religious purposes only", form="only_religious_bread"
)
ONLY_COMMUNION_WAFERS = Sentence(
    "phrase",
    "only communion wafers, sealing wafers, rice paper and similar products for religious purposes only",
    form="only_communion_wafers",
)
ONLY_ACAI = Sentence("phrase", "only açai", form="only_acai")
ONLY_CITRUS_CONCENTRATE = Sentence(
    "phrase",
    "only concentrated juice of one citrus fruit other than orange, grapefruit, lime and lemon, Brix up to 20",
    form="only_citrus_concentrate",
)
ONLY_COCONUT_WATER = Sentence("phrase", "only coconut water, or juice of açai", form="only_coconut_water")
ONLY_COCONUT_WATER_BLENDS = Sentence(
    "phrase",
    "only blends of coconut water, not from concentrate, packed for retail sale",
    form="only_coconut_water_blends",
)
ONLY_ACAI_PREPARATIONS = Sentence(
    "phrase", "only açai preparations for making beverages", form="only_acai_preparations"
)
ONLY_RELIGIOUS_OILS = Sentence(
    "phrase", "only essential oils other than of citrus fruit for religious purposes only", form="only_religious_oils"
)
NOT_PATENTED_PHARMACEUTICAL = Sentence(
    "phrase",
    "not patented in the United States, for use in pharmaceutical applications",
    form="not_patented_pharmaceutical",
)
NOTE_18C_EXCLUDED = Sentence(
    "phrase",
    "goods that note 18(c) excludes, as thin film, small portable panels, panels of U.S. cells",
    form="note_18c_excluded",
)
CANADA_UNDER_USMCA = Sentence("phrase", "goods of Canada under the USMCA ({code:text})", form="canada_under_usmca")
ORDER_NAMES_THE_LINE = Sentence(
    "phrase",
    "whether its order, which names the line, covers these goods, and at what rate",
    form="order_names_the_line",
)
FEE_AMOUNTS_NOT_HELD = Sentence(
    "phrase", "the amounts of the fee from {day:date} are not in the rulebook", form="fee_amounts_not_held"
)
NOTE_OF_NOTIFICATION = Sentence("phrase", "a note of the notification", form="note_of_notification")
SOURCES_DIFFER = Sentence(
    "phrase",
    "two sources disagree: {rate:percent}, and {other:percent} in a dated history since {day:date}",
    form="sources_differ",
)
LEVIES_BEFORE_NOT_HELD = Sentence(
    "phrase", "levies that were due beside it before {year:text} are not in the rulebook", form="levies_before_not_held"
)
RATE_LAST_PROLONGED = Sentence(
    "phrase",
    "the rate of {rate:percent} was last prolonged to {day:date}, and without another decree it is {other:percent}",
    form="rate_last_prolonged",
)
DERIVATIVE_STEEL = Sentence(
    "phrase",
    "Derivative steel that note 16(j) describes falls under 9903.82.20 or 9903.82.21 instead (the text of "
    "that subdivision is not in the rulebook)",
    form="derivative_steel",
)
CHARGED_AS_INFORMAL = Sentence(
    "phrase",
    "charged as on an informal entry filed electronically, which goods of up to 2,500 USD may have. A formal "
    "entry, claimed as formal-entry, owes {least:number} USD or more",
    form="charged_as_informal",
)
S122_EXCEPTIONS = Sentence(
    "phrase",
    "Not due on donations that relieve suffering (9903.03.10), on informational materials (9903.03.11), and "
    "on goods that were on their way by vessel before 2026-02-24 and entered before 2026-02-28 (9903.03.02)",
    form="s122_exceptions",
)
IEEPA_US_CONTENT = Sentence(
    "phrase",
    "Where {share:percent} or more of the value is content of the United States, due on the rest alone "
    "(9903.01.34). Not due on donations that relieve suffering (9903.01.30) and informational materials "
    "(9903.01.31). Goods that customs finds were transshipped owe {other:percent} instead (9903.02.01)",
    form="ieepa_us_content",
)
IEEPA_EXCEPTIONS = Sentence(
    "phrase",
    "Not due on donations that relieve suffering ({donations:text}) and informational materials ({materials:text})",
    form="ieepa_exceptions",
)
SENT_BY_MAIL = Sentence("phrase", "goods that are sent by mail or courier", form="sent_by_mail")
COURIER_FROM_NEIGHBOURS = Sentence(
    "phrase", "goods that come by courier from the United States or Mexico", form="courier_from_neighbours"
)
SURTAX_EXCEPTIONS = Sentence(
    "phrase",
    "Due on small consignments too. Not due on goods that were on their way to Canada on {day:text}, nor under a "
    "permit of the Import for Re-Export Program",
    form="surtax_exceptions",
)
SURTAX_REMITTED_FOR_PRODUCTION = Sentence(
    "phrase",
    "goods for use in Canada in manufacture, processing, farming or the packaging of food or drink, under the "
    "conditions of {order:text}",
    form="surtax_remitted_for_production",
)
SURTAX_REMITTED_FOR_PUBLIC_USE = Sentence(
    "phrase",
    "goods for health care, public safety, national defence or national security, under the conditions of {order:text}",
    form="surtax_remitted_for_public_use",
)
STATISTICAL_NUMBERS_NAMED = Sentence(
    "phrase",
    "only statistical numbers that the list of those days named (90 FR 40326), which the rulebook has to eight digits",
    form="statistical_numbers_named",
)
MEDICINES_WITHOUT_AGREEMENT = Sentence(
    "phrase",
    "patented medicines of producers without an agreement, the list of which is not held",
    form="medicines_without_agreement",
)
PARAMETERS_39B = Sentence(
    "phrase",
    "goods of the technical parameters of note 39(b). The claims 9903.79.02 (others) to 9903.79.09 settle it",
    form="parameters_39b",
)
CUSTOMS_PREPARES_ENTRY = Sentence(
    "phrase",
    "an item whose entry customs prepares. Goods by post of up to 2,500 USD owe duty and fees by rules of "
    "their own (Executive Order 14324, 91 FR 37801), which are not in the rulebook",
    form="customs_prepares_entry",
)
ONLY_GANTRY_CRANES_UNLOADING = Sentence(
    "phrase",
    "only ship-to-shore gantry cranes that unload containers (9903.92.10), other cranes owe none",
    form="only_gantry_cranes_unloading",
)
ONLY_GANTRY_CRANES_UNATTESTED = Sentence(
    "phrase",
    "only ship-to-shore gantry cranes without the attestation of 9903.91.15 or 9903.91.16",
    form="only_gantry_cranes_unattested",
)
ONLY_NOTE_20G = Sentence(
    "phrase",
    "only goods that note 20(g) describes (9903.88.04), others of the line owe another rate or none",
    form="only_note_20g",
)
SILICON_GENERATORS = Sentence("phrase", "generators made of crystalline silicon cells", form="silicon_generators")
BEYOND_GIGAWATTS = Sentence("phrase", "the quantity beyond {most:number} gigawatts in a year", form="beyond_gigawatts")
REDUCED_ZERO_OR_LOWER = Sentence("phrase", "zero or reduced rates, if the law has any", form="reduced_zero_or_lower")
REDUCED_OR_ZERO_UNLISTED = Sentence(
    "phrase", "{rates:expression}, or a zero rate, which the list leaves out", form="reduced_or_zero_unlisted"
)
REDUCED_NONE_LISTED = Sentence(
    "phrase", "none listed, or a zero rate, which the list leaves out", form="reduced_none_listed"
)
REDUCED_FOR_MONEY = Sentence(
    "phrase", "{zero:percent} for money, stamps and securities, or {rate:percent}", form="reduced_for_money"
)
REDUCED_FOR_GOLD = Sentence(
    "phrase", "{zero:percent} for gold coins of section 25c and for money, or {rate:percent}", form="reduced_for_gold"
)
REDUCED_OR = Sentence("phrase", "{rate:percent} or {other:percent}", form="reduced_or")
NOTHING_BELOW_LIMIT = Sentence(
    "phrase",
    "nothing, where the goods with carriage and duties are worth less than {limit:number} {currency:text}",
    form="nothing_below_limit",
)
NOTHING_ON_PRESCRIPTION = Sentence(
    "phrase", "nothing, where they are medicines on prescription", form="nothing_on_prescription"
)
NOTHING_FOR_DISABILITIES = Sentence(
    "phrase", "nothing, where they are for people with severe disabilities", form="nothing_for_disabilities"
)
DECISION_HAS_AT = Sentence("phrase", "goods that the decision has at {rate:percent}", form="decision_has_at")
CONSTRUCTION_VEHICLES = Sentence("phrase", "construction vehicles", form="construction_vehicles")
SOLAR_EQUIPMENT = Sentence("phrase", "solar energy equipment and panels", form="solar_equipment")
SPECIALISED_VEHICLES = Sentence(
    "phrase",
    "agricultural, production, construction and specialised vehicles and equipment",
    form="specialised_vehicles",
)
LIST_LEAVES_FREE = Sentence(
    "phrase", "goods that the list of the agreement leaves out are free", form="list_leaves_free"
)
DECREE_SETS_REBATE = Sentence("phrase", "a decree sets a rebate for the day", form="decree_sets_rebate")
EX_RATES_IF_CLAIMED = Sentence(
    "phrase", "goods of an ex of the line bear another rate, if claimed: {rates:list text}", form="ex_rates_if_claimed"
)
OF_GROSS_PRICE = Sentence("phrase", "{rate:percent} of the price with the tax in it", form="of_gross_price")
OF_GROSS_PRICE_AND_AMOUNT = Sentence(
    "phrase",
    "{rate:percent} of the price with the tax in it, and {amount:number} CNY/litre",
    form="of_gross_price_and_amount",
)
IMPORTED_FOR_PROCESSING = Sentence(
    "phrase", "the goods are imported for processing and export", form="imported_for_processing"
)
IMPORTED_WITHIN_QUOTA = Sentence("phrase", "the goods are imported within a tariff quota", form="imported_within_quota")
GOODS_ARE_USED = Sentence("phrase", "the goods are used", form="goods_are_used")
GOODS_LISTED_BY_ACT = Sentence("phrase", "the goods are among those that the act lists", form="goods_listed_by_act")
GOODS_OF_ACTS_KIND = Sentence("phrase", "the goods are of the kind that the act is about", form="goods_of_acts_kind")
GOODS_ARE_USED_AND_REBUILT = Sentence(
    "phrase", "the goods are used, and their construction was changed", form="goods_are_used_and_rebuilt"
)
NUMBER_ALTERED = Sentence(
    "phrase", "the number of the frame or of the engine was erased or altered", form="number_altered"
)
