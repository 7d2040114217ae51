"""Goods and taxes that the seed names where a source lists them."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

INVESTMENT_GOLD = Sentence("phrase", "investment gold", form="investment_gold")
GOLD_FOR_CENTRAL_BANKS = Sentence("phrase", "gold for central banks", form="gold_for_central_banks")
NATURAL_GAS_THROUGH_THE_GAS_NETWORK = Sentence(
    "phrase", "natural gas through the gas network", form="natural_gas_through_the_gas_network"
)
ELECTRICITY = Sentence("phrase", "electricity", form="electricity")
HUMAN_ORGANS = Sentence("phrase", "human organs", form="human_organs")
HUMAN_BLOOD = Sentence("phrase", "human blood", form="human_blood")
SOLAR_MODULES_ESSENTIAL_COMPONENTS = Sentence(
    "phrase",
    "solar modules, essential components and storage for the operator of a photovoltaic system",
    form="solar_modules_essential_components",
)
AIRCRAFT_FOR_AIRLINES_THAT_FLY = Sentence(
    "phrase", "aircraft for airlines that fly mostly across borders", form="aircraft_for_airlines_that_fly"
)
EQUIPMENT_OF_SUCH_AIRCRAFT = Sentence("phrase", "equipment of such aircraft", form="equipment_of_such_aircraft")
SEA_GOING_SHIPS_FOR_COMMERCE_OR = Sentence(
    "phrase", "sea-going ships for commerce or rescue", form="sea_going_ships_for_commerce_or"
)
AGRICULTURE_AND_FISHING = Sentence("phrase", "agriculture and fishing", form="agriculture_and_fishing")
BASIC_GROCERIES_AND_THEIR = Sentence(
    "phrase", "basic groceries and their ingredients", form="basic_groceries_and_their"
)
PRECIOUS_METALS_AND_WHAT_IS_REFINED = Sentence(
    "phrase", "precious metals and what is refined into them", form="precious_metals_and_what_is_refined"
)
CRUDE_OIL_TO_BE_REFINED_FOR_OTHERS = Sentence(
    "phrase", "crude oil to be refined for others", form="crude_oil_to_be_refined_for_others"
)
PRESCRIPTION_DRUGS_AND_BIOLOGICALS = Sentence(
    "phrase", "prescription drugs and biologicals", form="prescription_drugs_and_biologicals"
)
MEDICAL_AND_ASSISTIVE_DEVICES_AND = Sentence(
    "phrase",
    "medical and assistive devices, and what is made for people with a disability",
    form="medical_and_assistive_devices_and",
)
EQUIPMENT_FOR_FARMS_AND_FISHING = Sentence(
    "phrase", "equipment for farms and fishing", form="equipment_for_farms_and_fishing"
)
PRODUCTS_FOR_FEMININE_HYGIENE = Sentence(
    "phrase", "products for feminine hygiene", form="products_for_feminine_hygiene"
)
PRINTED_MATTER_FOR_TOURISM = Sentence(
    "phrase", "printed matter for tourism, financial instruments, works of art", form="printed_matter_for_tourism"
)
VESSELS_AND_RAILWAY_ROLLING_STOCK = Sentence(
    "phrase", "vessels and railway rolling stock", form="vessels_and_railway_rolling_stock"
)
GOODS_OF_CHAPTER_98_THAT_BEAR_NO = Sentence(
    "phrase", "goods of chapter 98 that bear no duty", form="goods_of_chapter_98_that_bear_no"
)
MEDICINES_ON_PRESCRIPTION = Sentence("phrase", "medicines on prescription", form="medicines_on_prescription")
VEHICLES_AND_OTHER_MOTORISED = Sentence(
    "phrase",
    "vehicles and other motorised equipment for people with severe disabilities",
    form="vehicles_and_other_motorised",
)
FOODSTUFFS_ANIMAL_FEED_LIVE_ANIMALS = Sentence(
    "phrase",
    "foodstuffs, animal feed, live animals, seeds, plants, and what goes into or supplements foodstuffs",
    form="foodstuffs_animal_feed_live_animals",
)
LIVE_PLANTS_AND_FLOWERS = Sentence("phrase", "live plants and flowers", form="live_plants_and_flowers")
WOOD_FOR_USE_AS_FIREWOOD = Sentence("phrase", "wood for use as firewood", form="wood_for_use_as_firewood")
GOODS_FOR_USE_IN_AGRICULTURAL = Sentence(
    "phrase", "goods for use in agricultural production, without machinery", form="goods_for_use_in_agricultural"
)
ELECTRICITY_GAS_HEATING_AND = Sentence(
    "phrase", "electricity, gas, heating and efficient heating systems", form="electricity_gas_heating_and"
)
PHARMACEUTICAL_PRODUCTS = Sentence(
    "phrase", "pharmaceutical products, contraception, sanitary protection", form="pharmaceutical_products"
)
MEDICAL_EQUIPMENT_AIDS_AND = Sentence(
    "phrase",
    "medical equipment, aids and protective gear, for health care or for disabled people",
    form="medical_equipment_aids_and",
)
CHILDRENS_CAR_SEATS = Sentence("phrase", "children's car seats", form="childrens_car_seats")
BOOKS_NEWSPAPERS_AND_PERIODICALS_ON = Sentence(
    "phrase", "books, newspapers and periodicals, on all means of support", form="books_newspapers_and_periodicals_on"
)
TOOLS_AND_EQUIPMENT_FOR_RESCUE = Sentence(
    "phrase", "tools and equipment for rescue", form="tools_and_equipment_for_rescue"
)
INVESTMENT_GOLD_COINS = Sentence("phrase", "investment gold, coins", form="investment_gold_coins")
SHIPS_AND_AIRCRAFT_OF_INTERNATIONAL = Sentence(
    "phrase", "ships and aircraft of international traffic", form="ships_and_aircraft_of_international"
)
SOLAR_PANELS = Sentence("phrase", "solar panels", form="solar_panels")
BICYCLES = Sentence("phrase", "bicycles", form="bicycles")
WORKS_OF_ART_COLLECTORS_ITEMS_AND = Sentence(
    "phrase", "works of art, collectors' items and antiques", form="works_of_art_collectors_items_and"
)
CONCRETE_WORKS_PHOTOGRAPHIC = Sentence(
    "phrase", "concrete works, photographic supplies", form="concrete_works_photographic"
)
CLOTHING_AND_FOOTWEAR_OF_CHILDREN = Sentence(
    "phrase", "clothing and footwear of children, candles", form="clothing_and_footwear_of_children"
)
WASHING_AND_CLEANING_PRODUCTS = Sentence(
    "phrase", "washing and cleaning products", form="washing_and_cleaning_products"
)
CLOTHING_AND_FOOTWEAR_OF_CHILDREN_MORE = Sentence(
    "phrase", "clothing and footwear of children", form="clothing_and_footwear_of_children_more"
)
RAW_WOOL = Sentence("phrase", "raw wool", form="raw_wool")
PERSONAL_PROTECTIVE_EQUIPMENT = Sentence(
    "phrase", "personal protective equipment", form="personal_protective_equipment"
)
FOOD = Sentence("phrase", "food", form="food")
BOOKS_ETC = Sentence("phrase", "books etc.", form="books_etc")
TRANSPORT = Sentence("phrase", "transport", form="transport")
CARAVANS_AND_HOUSEBOATS = Sentence("phrase", "caravans and houseboats", form="caravans_and_houseboats")
GOLD = Sentence("phrase", "gold", form="gold")
DRUGS_MEDICINES_AIDS_FOR_THE = Sentence(
    "phrase", "drugs, medicines, aids for the disabled etc.", form="drugs_medicines_aids_for_the"
)
CLOTHING_AND_FOOTWEAR = Sentence("phrase", "clothing and footwear", form="clothing_and_footwear")
WOMENS_SANITARY_PRODUCTS = Sentence("phrase", "women's sanitary products", form="womens_sanitary_products")
WIRELESS_SETS_FOR_THE_BLIND = Sentence("phrase", "wireless sets for the blind", form="wireless_sets_for_the_blind")
DOMESTIC_FUEL_OR_POWER = Sentence("phrase", "domestic fuel or power", form="domestic_fuel_or_power")
CAR_SEATS_CONTRACEPTIVE_AND_SMOKING = Sentence(
    "phrase", "car seats, contraceptive and smoking cessation products", form="car_seats_contraceptive_and_smoking"
)
ALCOHOL = Sentence("phrase", "alcohol", form="alcohol")
TOBACCO_AND_VAPING_PRODUCTS = Sentence("phrase", "tobacco and vaping products", form="tobacco_and_vaping_products")
CANNABIS = Sentence("phrase", "cannabis", form="cannabis")
CERTAIN_PETROLEUM_PRODUCTS = Sentence("phrase", "certain petroleum products", form="certain_petroleum_products")
AUTOMOBILE_AIR_CONDITIONERS = Sentence("phrase", "automobile air conditioners", form="automobile_air_conditioners")
FUEL_INEFFICIENT_VEHICLES = Sentence("phrase", "fuel-inefficient vehicles", form="fuel_inefficient_vehicles")
LUXURY_TAX = Sentence("phrase", "luxury tax", form="luxury_tax")
WHOLE_POTATOES = Sentence("phrase", "whole potatoes", form="whole_potatoes")
WHEAT_GLUTEN = Sentence("phrase", "wheat gluten", form="wheat_gluten")
REFINED_SUGAR = Sentence("phrase", "refined sugar", form="refined_sugar")
DRY_WHEAT_PASTA = Sentence("phrase", "dry wheat pasta", form="dry_wheat_pasta")
PEA_PROTEIN = Sentence("phrase", "pea protein", form="pea_protein")
SILICON_METAL = Sentence("phrase", "silicon metal", form="silicon_metal")
POLYETHYLENE_TEREPHTHALATE_RESIN = Sentence(
    "phrase", "polyethylene terephthalate resin", form="polyethylene_terephthalate_resin"
)
DECORATIVE_PLYWOOD = Sentence("phrase", "decorative plywood", form="decorative_plywood")
THERMAL_PAPER_ROLLS = Sentence("phrase", "thermal paper rolls", form="thermal_paper_rolls")
MOULDED_FIBRE_TABLEWARE = Sentence("phrase", "moulded fibre tableware", form="moulded_fibre_tableware")
GYPSUM_BOARD = Sentence("phrase", "gypsum board", form="gypsum_board")
WALL_MODULES = Sentence("phrase", "wall modules", form="wall_modules")
BUILDING_CABLES = Sentence("phrase", "building cables", form="building_cables")
COPPER_TUBE = Sentence("phrase", "copper tube", form="copper_tube")
COPPER_PIPE_FITTINGS = Sentence("phrase", "copper pipe fittings", form="copper_pipe_fittings")
SUCKER_RODS = Sentence("phrase", "sucker rods", form="sucker_rods")
THERMOELECTRIC_COOLERS = Sentence("phrase", "thermoelectric coolers", form="thermoelectric_coolers")
WIND_TOWERS = Sentence("phrase", "wind towers", form="wind_towers")
POWER_TRANSFORMERS = Sentence("phrase", "power transformers", form="power_transformers")
PHOTOVOLTAIC_MODULES = Sentence("phrase", "photovoltaic modules", form="photovoltaic_modules")
CONTAINER_CHASSIS = Sentence("phrase", "container chassis", form="container_chassis")
TRUCK_BODIES = Sentence("phrase", "truck bodies", form="truck_bodies")
UPHOLSTERED_SEATING = Sentence("phrase", "upholstered seating", form="upholstered_seating")
MATTRESSES = Sentence("phrase", "mattresses", form="mattresses")
STEEL_AND_ALUMINIUM_PRODUCTS = Sentence("phrase", "steel and aluminium products", form="steel_and_aluminium_products")
STEEL_ALUMINIUM_AND_STEEL = Sentence(
    "phrase", "steel, aluminium and steel derivative goods", form="steel_aluminium_and_steel"
)
STEEL_DERIVATIVE_GOODS = Sentence("phrase", "steel derivative goods", form="steel_derivative_goods")
MOTOR_VEHICLES = Sentence("phrase", "motor vehicles", form="motor_vehicles")
FOOD_ANIMALS_PLANTS_AND_THEIR = Sentence(
    "phrase", "food, animals, plants and their products", form="food_animals_plants_and_their"
)
PRODUCTS_OF_ANIMALS_AND_PLANTS = Sentence(
    "phrase", "products of animals and plants", form="products_of_animals_and_plants"
)
TIRES_USED_EQUIPMENT_FOR_FARMS_AND = Sentence(
    "phrase",
    "tires, used equipment for farms and construction, garden tools",
    form="tires_used_equipment_for_farms_and",
)
ALCOHOLIC_BEVERAGES_ARE_SUBJECT_TO = Sentence(
    "phrase", "alcoholic beverages are subject to federal excise tax", form="alcoholic_beverages_are_subject_to"
)
TOBACCO_PRODUCTS_ARE_SUBJECT_TO = Sentence(
    "phrase", "tobacco products are subject to federal excise tax", form="tobacco_products_are_subject_to"
)
DIESEL_FUEL_KEROSENE_COAL = Sentence("phrase", "diesel fuel, kerosene, coal", form="diesel_fuel_kerosene_coal")
CERTAIN_VACCINES = Sentence("phrase", "certain vaccines", form="certain_vaccines")
CHEMICALS_RESINS_SYNTHETIC_RUBBER = Sentence(
    "phrase", "chemicals, resins, synthetic rubber, ferroalloys and nickel", form="chemicals_resins_synthetic_rubber"
)
THE_LIST_OF_THE_SECRETARY_HAS_OTHER = Sentence(
    "phrase", "the list of the Secretary has other chemical substances", form="the_list_of_the_secretary_has_other"
)
CHAPTERS_31_TO_50_OF_THE_CODE = Sentence(
    "phrase", "chapters 31 to 50 of the Code", form="chapters_31_to_50_of_the_code"
)
RODS_REELS_LINES_TACKLE_CONTAINERS = Sentence(
    "phrase",
    "rods, reels, lines, tackle, containers for tackle and fish, electric outboard boat motors",
    form="rods_reels_lines_tackle_containers",
)
BOWS_AND_ARROWS = Sentence("phrase", "bows and arrows", form="bows_and_arrows")
GAS_GUZZLERS_THE_HEAVY_TRUCK_TAX = Sentence(
    "phrase", "gas guzzlers, the heavy truck tax", form="gas_guzzlers_the_heavy_truck_tax"
)
FIREARMS = Sentence("phrase", "firearms", form="firearms")
BLUEBERRIES_BEEF_DAIRY_EGGS_MILK = Sentence(
    "phrase",
    "blueberries, beef, dairy, eggs, milk, avocados, honey, lamb, mangos, mushrooms, peanuts, popcorn, pork, "
    "potatoes, soybeans, watermelons",
    form="blueberries_beef_dairy_eggs_milk",
)
PAPER_SORGHUM_SOFTWOOD_LUMBER = Sentence(
    "phrase", "paper, sorghum, softwood lumber, Christmas trees, pecans", form="paper_sorghum_softwood_lumber"
)
ALCOHOL_PRODUCTS = Sentence("phrase", "alcohol products", form="alcohol_products")
TOBACCO_PRODUCTS = Sentence("phrase", "tobacco products", form="tobacco_products")
PETROLEUM_PRODUCTS = Sentence("phrase", "petroleum products", form="petroleum_products")
ELECTRONIC_EQUIPMENT_AND_COSMETICS = Sentence(
    "phrase", "electronic equipment and cosmetics", form="electronic_equipment_and_cosmetics"
)
SPIRITS_WINES_BEER_CIDER = Sentence("phrase", "spirits, wines, beer, cider", form="spirits_wines_beer_cider")
SPIRITS_WINES_BEER_CIDER_TOBACCO = Sentence(
    "phrase",
    "spirits, wines, beer, cider, tobacco, hydrocarbon oils, vehicle emissions duty",
    form="spirits_wines_beer_cider_tobacco",
)
TOBACCO = Sentence("phrase", "tobacco", form="tobacco")
HYDROCARBON_OILS_FUEL = Sentence("phrase", "hydrocarbon oils (fuel)", form="hydrocarbon_oils_fuel")
VEHICLE_EMISSIONS_DUTY = Sentence("phrase", "vehicle emissions duty", form="vehicle_emissions_duty")
ALCOHOL_AND_GOODS_WITH_ALCOHOL = Sentence(
    "phrase", "alcohol and goods with alcohol", form="alcohol_and_goods_with_alcohol"
)
ALCOHOL_ALSO_IN_GOODS_OF_OTHER = Sentence(
    "phrase", "alcohol, also in goods of other chapters", form="alcohol_also_in_goods_of_other"
)
TOBACCO_PRODUCTS_AND_WHAT_REPLACES = Sentence(
    "phrase", "tobacco products and what replaces them", form="tobacco_products_and_what_replaces"
)
EXCISE_DUTY_ON_SOFT_DRINKS = Sentence("phrase", "excise duty on soft drinks", form="excise_duty_on_soft_drinks")
EXCISE_DUTY_ON_CERTAIN_BEVERAGE = Sentence(
    "phrase", "excise duty on certain beverage containers", form="excise_duty_on_certain_beverage"
)
A_NATIONAL_DUTY_ON_CIGARETTE_PAPER = Sentence(
    "phrase", "a national duty on cigarette paper", form="a_national_duty_on_cigarette_paper"
)
EXCISE_DUTY_ON_CERTAIN_FUELS = Sentence("phrase", "excise duty on certain fuels", form="excise_duty_on_certain_fuels")
OIL_DAMAGE_DUTY = Sentence("phrase", "oil damage duty", form="oil_damage_duty")
FRUIT_AND_VEGETABLE_JUICES_MINERAL = Sentence(
    "phrase", "fruit and vegetable juices, mineral water, lemonade", form="fruit_and_vegetable_juices_mineral"
)
COFFEE = Sentence("phrase", "coffee", form="coffee")
NON_ALCOHOLIC_BEVERAGES = Sentence("phrase", "non-alcoholic beverages", form="non_alcoholic_beverages")
SPECIAL_TAXES = Sentence("phrase", "special taxes", form="special_taxes")
PASSENGER_VEHICLES = Sentence("phrase", "passenger vehicles", form="passenger_vehicles")
SUGAR_SWEETENED_DRINKS_TAX = Sentence("phrase", "sugar sweetened drinks tax", form="sugar_sweetened_drinks_tax")
SOLID_FUEL_CARBON_TAX = Sentence("phrase", "solid fuel carbon tax", form="solid_fuel_carbon_tax")
ALKYL_PHOSPHONIC_ACIDS_ROBOT_LAWN = Sentence(
    "phrase", "alkyl phosphonic acids, robot lawn mowers", form="alkyl_phosphonic_acids_robot_lawn"
)
PEKIN_DUCK = Sentence("phrase", "Pekin duck", form="pekin_duck")
UREA = Sentence("phrase", "urea", form="urea")
BENZYL_ALCOHOL = Sentence("phrase", "benzyl alcohol", form="benzyl_alcohol")
SPUNBOND_OF_POLYETHYLENE = Sentence("phrase", "spunbond of polyethylene terephthalate", form="spunbond_of_polyethylene")
GLASS_BEADS = Sentence("phrase", "glass beads", form="glass_beads")
WELDING_WIRE = Sentence("phrase", "welding wire", form="welding_wire")
WELDED_MESH = Sentence("phrase", "welded mesh", form="welded_mesh")
SHELVES = Sentence("phrase", "shelves", form="shelves")
COPPER_TUBES = Sentence("phrase", "copper tubes", form="copper_tubes")
MOBILE_CRANES = Sentence("phrase", "mobile cranes", form="mobile_cranes")
ALKALINE_BATTERIES = Sentence("phrase", "alkaline batteries", form="alkaline_batteries")
THIRTY_CATEGORIES_OF_STEEL = Sentence("phrase", "thirty categories of steel", form="thirty_categories_of_steel")
ANIMALS_PRODUCTS_OF_ANIMAL_ORIGIN = Sentence(
    "phrase", "animals, products of animal origin, plants, food and feed", form="animals_products_of_animal_origin"
)
BEER = Sentence("phrase", "beer", form="beer")
WINE_AND_MADE_WINE = Sentence("phrase", "wine and made-wine", form="wine_and_made_wine")
CIDER_AND_PERRY_MADE_WINE = Sentence("phrase", "cider and perry, made-wine", form="cider_and_perry_made_wine")
SPIRITS = Sentence("phrase", "spirits", form="spirits")
IMPORTED_COMPOSITE_GOODS_CONTAINING = Sentence(
    "phrase", "imported composite goods containing alcohol", form="imported_composite_goods_containing"
)
HYDROCARBON_OIL_BIOFUELS_CLIMATE = Sentence(
    "phrase", "hydrocarbon oil, biofuels, climate change levy", form="hydrocarbon_oil_biofuels_climate"
)
STEEL = Sentence("phrase", "steel", form="steel")
PVC = Sentence("phrase", "PVC", form="pvc")
BUS_AND_LORRY_TYRES = Sentence("phrase", "bus and lorry tyres", form="bus_and_lorry_tyres")
LEATHER = Sentence("phrase", "leather", form="leather")
CERAMIC_TABLEWARE = Sentence("phrase", "ceramic tableware", form="ceramic_tableware")
ALUMINIUM_FOIL = Sentence("phrase", "aluminium foil", form="aluminium_foil")
EXCAVATORS = Sentence("phrase", "excavators", form="excavators")
ELECTRIC_BICYCLES = Sentence("phrase", "electric bicycles", form="electric_bicycles")
IRONING_BOARDS = Sentence("phrase", "ironing boards", form="ironing_boards")
ALUMINIUM_EXTRUSIONS_OF_CHINA = Sentence(
    "phrase", "aluminium extrusions of China", form="aluminium_extrusions_of_china"
)
BIODIESEL = Sentence("phrase", "biodiesel", form="biodiesel")
RUTILE_TITANIUM_DIOXIDE_OF_WHICH = Sentence(
    "phrase", "rutile titanium dioxide, of which imports are registered", form="rutile_titanium_dioxide_of_which"
)
AMMONIUM_NITRATE = Sentence("phrase", "ammonium nitrate", form="ammonium_nitrate")
POLYETHYLENE_TEREPHTHALATE = Sentence("phrase", "polyethylene terephthalate", form="polyethylene_terephthalate")
MOBILE_ACCESS_EQUIPMENT = Sentence("phrase", "mobile access equipment", form="mobile_access_equipment")
OPTICAL_FIBRE_CABLES = Sentence("phrase", "optical fibre cables", form="optical_fibre_cables")
ALUMINIUM_ROAD_WHEELS = Sentence("phrase", "aluminium road wheels", form="aluminium_road_wheels")
GOODS_OF_THE_LISTS_OF_2022_AND_2023 = Sentence(
    "phrase", "goods of the lists of 2022 and 2023", form="goods_of_the_lists_of_2022_and_2023"
)
ANIMAL_PRODUCTS_PLANTS_AND_PLANT = Sentence(
    "phrase", "animal products, plants and plant products", form="animal_products_plants_and_plant"
)
THE_EXCISE_DUTIES_OF_FEDERAL_LAW = Sentence(
    "phrase",
    "the excise duties of federal law: alcohol, alcopops, beer, energy, coffee, sparkling wine and "
    "intermediate products, electricity, tobacco",
    form="the_excise_duties_of_federal_law",
)
ALCOHOL_BEER_WINE_AND_INTERMEDIATE = Sentence(
    "phrase",
    "alcohol, beer, wine and intermediate products, tobacco, mineral oils",
    form="alcohol_beer_wine_and_intermediate",
)
ALCOHOL_SOFT_DRINKS_BEVERAGE = Sentence(
    "phrase",
    "alcohol, soft drinks, beverage containers, tobacco, liquid and other fuels, electricity, oil",
    form="alcohol_soft_drinks_beverage",
)
ALCOHOL_TOBACCO_AND_E_LIQUIDS = Sentence(
    "phrase", "alcohol, tobacco and e-liquids, energy", form="alcohol_tobacco_and_e_liquids"
)
ALCOHOL_TOBACCO_E_LIQUIDS_SUGAR = Sentence(
    "phrase",
    "alcohol, tobacco, e-liquids, sugar sweetened drinks, mineral oils, gas, solid fuel, electricity",
    form="alcohol_tobacco_e_liquids_sugar",
)
ALCOHOL_TOBACCO_ENERGY = Sentence("phrase", "alcohol, tobacco, energy", form="alcohol_tobacco_energy")
ALCOHOL_TOBACCO_MINERAL_OILS = Sentence("phrase", "alcohol, tobacco, mineral oils", form="alcohol_tobacco_mineral_oils")
CONSUMPTION_TAX_ON_NON_ALCOHOLIC = Sentence(
    "phrase", "consumption tax on non-alcoholic drinks", form="consumption_tax_on_non_alcoholic"
)
ENERGY_ELECTRICITY_ALCOHOL_TOBACCO = Sentence(
    "phrase",
    "energy, electricity, alcohol, tobacco and its substitutes, passenger cars",
    form="energy_electricity_alcohol_tobacco",
)
THE_NUMBERS_OF_THE_IMPORT = Sentence(
    "phrase", "the numbers of the import assessment table", form="the_numbers_of_the_import"
)
CHAPTERS_57_TO_62_WHICH_IT_LISTS = Sentence(
    "phrase", "chapters 57 to 62, which it lists line by line, as a whole", form="chapters_57_to_62_which_it_lists"
)
