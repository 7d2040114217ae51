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
