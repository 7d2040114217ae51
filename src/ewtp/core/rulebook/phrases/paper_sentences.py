"""What agencies ask for, as the seed words it."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

DATA_MAY_APPLY = Sentence("phrase", "{flag:text} data: may apply", form="data_may_apply")
DATA_MAY_BE_REQUIRED = Sentence("phrase", "{flag:text} data: may be required", form="data_may_be_required")
DATA_REQUIRED = Sentence("phrase", "{flag:text} data: required", form="data_required")
STAGE_ENTRY = Sentence("phrase", "entry", form="stage_entry")
ORGANIC_MAY_BE_FILED = Sentence(
    "phrase",
    "Data of the National Organic Program of the Agricultural Marketing Service may be filed.",
    form="organic_may_be_filed",
)
FOOD_MAY_BE_REQUIRED = Sentence(
    "phrase",
    "The data of the Food and Drug Administration and the prior notice of imported food may be required; "
    "neither is where the goods are declared as not regulated by it.",
    form="food_may_be_required",
)
FOOD_ALWAYS_REQUIRED = Sentence(
    "phrase",
    "The data of the Food and Drug Administration and the prior notice of imported food are always required.",
    form="food_always_required",
)
WILDLIFE_ALWAYS_REQUIRED = Sentence(
    "phrase",
    "The declaration of the Fish and Wildlife Service (form 3-177) is always required.",
    form="wildlife_always_required",
)
WILDLIFE_MAY_CONTAIN = Sentence(
    "phrase",
    "The goods may contain fish or wildlife; then the declaration of the Fish and Wildlife Service (form "
    "3-177) is required. Goods that contain none are declared as such.",
    form="wildlife_may_contain",
)
APHIS_MAY_BE_REQUIRED = Sentence(
    "phrase",
    "Data of the Animal and Plant Health Inspection Service may be required: its licences, permits and "
    "certificates for animals, plants and what is made of them.",
    form="aphis_may_be_required",
)
APHIS_REQUIRED = Sentence(
    "phrase",
    "Data of the Animal and Plant Health Inspection Service are required: its licences, permits and "
    "certificates for animals, plants and what is made of them.",
    form="aphis_required",
)
FDA_MAY_ASK = Sentence(
    "phrase", "The Food and Drug Administration may regulate the product and may ask for its data.", form="fda_may_ask"
)
ORGANIC_MUST_BE_FILED = Sentence(
    "phrase",
    "Data of the National Organic Program of the Agricultural Marketing Service must be filed, or the entry "
    "is rejected.",
    form="organic_must_be_filed",
)
SEAFOOD_MONITORING = Sentence(
    "phrase",
    "Data of the Seafood Import Monitoring Program of the National Marine Fisheries Service are required (50 "
    "CFR 300.324), with the importer's International Fisheries Trade Permit.",
    form="seafood_monitoring",
)
FDA_ALWAYS_ASKS = Sentence(
    "phrase",
    "The Food and Drug Administration regulates the product and always asks for its data.",
    form="fda_always_asks",
)
MARKETING_ORDER = Sentence(
    "phrase",
    "Data of a marketing order of the Agricultural Marketing Service, on quality and inspection of certain "
    "fruit, vegetables and nuts, must be filed, or the entry is rejected.",
    form="marketing_order",
)
PESTICIDE_NOTICE = Sentence(
    "phrase",
    "The notice of arrival of pesticides and devices (EPA form 3540-1) with the product's label may be "
    "required by the Environmental Protection Agency.",
    form="pesticide_notice",
)
TOXIC_SUBSTANCES = Sentence(
    "phrase",
    "A certification under the Toxic Substances Control Act may be required: that imported chemicals comply "
    "with it, or that they are not subject to it.",
    form="toxic_substances",
)
ALCOHOL_AND_TOBACCO = Sentence(
    "phrase",
    "The Alcohol and Tobacco Tax and Trade Bureau regulates the product: its data are filed, or the filer "
    "declares that its requirements are met by other approved means.",
    form="alcohol_and_tobacco",
)
OZONE = Sentence(
    "phrase",
    "Data on substances that deplete the ozone layer may be required by the Environmental Protection Agency.",
    form="ozone",
)
LACEY_ACT = Sentence(
    "phrase",
    "The import declaration of plants and plant products under the Lacey Act (16 U.S.C. 3372(f), form PPQ "
    "505): scientific name, country of harvest and quantity. Plants that only pack another item need none.",
    form="lacey_act",
)
ASK_ABOUT_VEHICLES = Sentence("phrase", "vehicles and engines: {address:text}", form="ask_about_vehicles")
ASK_ABOUT_HYDROFLUOROCARBONS = Sentence(
    "phrase", "hydrofluorocarbons: {address:text}", form="ask_about_hydrofluorocarbons"
)
ASK_ABOUT_PESTICIDES = Sentence("phrase", "pesticides: the regional import coordinators", form="ask_about_pesticides")
ASK_PROGRAMS = Sentence("phrase", "The programs by the agency's Contacts page", form="ask_programs")
ASK_CBP_AGRICULTURE = Sentence(
    "phrase", "CBP Agriculture at the port of arrival for papers", form="ask_cbp_agriculture"
)
IMPORT_LICENCE = Sentence("phrase", "Import licence", form="import_licence")
DUAL_USE_LICENCE = Sentence("phrase", "Import licence for dual-use items and technologies", form="dual_use_licence")
USED_MACHINES_PROHIBITED = Sentence(
    "phrase", "Used mechanical and electrical goods may not be imported", form="used_machines_prohibited"
)
AUTOMATIC_LICENCE = Sentence("phrase", "Automatic import licence", form="automatic_licence")
GOODS_PROHIBITED = Sentence("phrase", "Goods that may not be imported", form="goods_prohibited")
ROUGH_DIAMONDS = Sentence("phrase", "Inspection of rough diamonds", form="rough_diamonds")
ENDANGERED_SPECIES = Sentence("phrase", "Import permit for endangered species", form="endangered_species")
NARCOTIC_DRUGS = Sentence("phrase", "Permit for narcotic and psychotropic drugs", form="narcotic_drugs")
GOLD_PERMIT = Sentence("phrase", "Permit for gold and gold products", form="gold_permit")
MEDICINES_PERMIT = Sentence("phrase", "Permit for medicines", form="medicines_permit")
AUTOMATIC_LICENCE_MACHINES = Sentence(
    "phrase", "Automatic import licence for mechanical and electrical goods", form="automatic_licence_machines"
)
MEDICINES_CLEARANCE = Sentence("phrase", "Clearance note for imported medicines", form="medicines_clearance")
VETERINARY_CLEARANCE = Sentence(
    "phrase", "Clearance note for imported veterinary medicines", form="veterinary_clearance"
)
PESTICIDE_REGISTRATION = Sentence("phrase", "Registration certificate for pesticides", form="pesticide_registration")
LAWFUL_CATCH = Sentence("phrase", "Certificate of lawful catch", form="lawful_catch")
TOXIC_CHEMICALS_CLEARANCE = Sentence(
    "phrase", "Environmental clearance note for toxic chemicals", form="toxic_chemicals_clearance"
)
OPTICAL_DISCS = Sentence("phrase", "Record of optical discs made abroad", form="optical_discs")
BROADCASTS_AND_FILMS = Sentence("phrase", "Release note for broadcasts and films", form="broadcasts_and_films")
COTTON_OUTSIDE_QUOTA = Sentence(
    "phrase", "Quota certificate for cotton outside the tariff quota", form="cotton_outside_quota"
)
AUDIO_VISUAL_APPROVAL = Sentence("phrase", "Approval of finished audio-visual products", form="audio_visual_approval")
CIVIL_EXPLOSIVES = Sentence("phrase", "Approval of civil explosives", form="civil_explosives")
RENMINBI_NOTES = Sentence("phrase", "Certificate of a bank's transfer of renminbi notes", form="renminbi_notes")
QUOTA_CERTIFICATE_COUNTRY = Sentence(
    "phrase", "Tariff quota certificate for one country", form="quota_certificate_country"
)
QUOTA_CERTIFICATE = Sentence("phrase", "Tariff quota certificate", form="quota_certificate")
AUTOMATIC_LICENCE_PROCESSING = Sentence(
    "phrase", "Automatic import licence for processing trade", form="automatic_licence_processing"
)
ENTRY_INSPECTION = Sentence("phrase", "Entry inspection", form="entry_inspection")
VERIFICATION_OF_CIVIL_GOODS = Sentence("phrase", "verification of civil goods", form="verification_of_civil_goods")
COMMODITY_INSPECTION = Sentence("phrase", "commodity inspection", form="commodity_inspection")
ANIMAL_AND_PLANT_QUARANTINE = Sentence("phrase", "animal and plant quarantine", form="animal_and_plant_quarantine")
FOOD_HYGIENE = Sentence("phrase", "food hygiene", form="food_hygiene")
ANIMAL_QUARANTINE = Sentence("phrase", "Quarantine of animals and animal products", form="animal_quarantine")
AQUATIC_QUARANTINE = Sentence("phrase", "Quarantine of aquatic animals and their products", form="aquatic_quarantine")
PLANT_QUARANTINE = Sentence("phrase", "Plant quarantine", form="plant_quarantine")
PLANT_FOOD_INSPECTION = Sentence(
    "phrase", "Food safety inspection of food of plant origin", form="plant_food_inspection"
)
FOOD_SAFETY_INSPECTION = Sentence("phrase", "Food safety inspection", form="food_safety_inspection")
ENERGY_INSPECTION = Sentence("phrase", "Inspection of energy efficiency", form="energy_inspection")
QUALITY_INSPECTION = Sentence("phrase", "State inspection of quality", form="quality_inspection")
CHEMICALS_DECLARATION = Sentence("phrase", "Declaration of chemicals", form="chemicals_declaration")
CONFORMITY_EITHER = Sentence("phrase", "Certificate or declaration of conformity", form="conformity_either")
CONFORMITY_BEFORE_CLEARANCE = Sentence(
    "phrase", "Certificate of conformity before clearance", form="conformity_before_clearance"
)
CONFORMITY_BOTH = Sentence("phrase", "Certificate and declaration of conformity", form="conformity_both")
CONFORMITY_DECLARATION = Sentence("phrase", "Declaration of conformity", form="conformity_declaration")
GATE_OF_ENTRY = Sentence("phrase", "Customs procedures at the border gate of entry", form="gate_of_entry")
MEASURING_INSTRUMENTS = Sentence("phrase", "State inspection of measuring instruments", form="measuring_instruments")
NETWORK_SECURITY_LICENCE = Sentence(
    "phrase", "Import licence for network security products", form="network_security_licence"
)
CRYPTOGRAPHY_LICENCE = Sentence("phrase", "Licence for products of civil cryptography", form="cryptography_licence")
PUBLICATIONS_REGISTRATION = Sentence(
    "phrase", "Registration or import licence of publications", form="publications_registration"
)
REBUILT_VEHICLES_PROHIBITED = Sentence(
    "phrase", "Rebuilt used vehicles may not be imported", form="rebuilt_vehicles_prohibited"
)
ALTERED_VEHICLES_PROHIBITED = Sentence(
    "phrase", "Vehicles with altered numbers may not be imported", form="altered_vehicles_prohibited"
)
USED_VEHICLE_PARTS_PROHIBITED = Sentence(
    "phrase", "Used vehicles and parts may not be imported", form="used_vehicle_parts_prohibited"
)
USED_VEHICLES_PROHIBITED = Sentence("phrase", "Used vehicles may not be imported", form="used_vehicles_prohibited")
USED_CONSUMER_GOODS_PROHIBITED = Sentence(
    "phrase", "Used consumer goods may not be imported", form="used_consumer_goods_prohibited"
)
USED_MEDICAL_DEVICES_PROHIBITED = Sentence(
    "phrase", "Used medical devices may not be imported", form="used_medical_devices_prohibited"
)
USED_TECHNOLOGY_PROHIBITED = Sentence(
    "phrase", "Used information technology may not be imported", form="used_technology_prohibited"
)
USE_BANNED = Sentence("phrase", "Goods whose use is banned", form="use_banned")
ENTRY_IN_ALLOWED_LIST = Sentence("phrase", "Entry in the list of goods that are allowed", form="entry_in_allowed_list")
TRADE_CONDITIONS = Sentence("phrase", "Conditions of production and trade", form="trade_conditions")
KIMBERLEY_CERTIFICATE = Sentence("phrase", "Certificate of the Kimberley Process", form="kimberley_certificate")
DESIGNATED_IMPORTER = Sentence("phrase", "Import by the firm that the ministry designates", form="designated_importer")
