"""What the flags of the partner agencies mean, where a publication of CBP says so.

CBP's report lists flags and explains none. A flag that is not here was not found explained; its requirement says "may
apply" and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class FlagMeaning:
    """What a flag asks for: ``need`` in the words of the document, ``text`` for a reader, and where CBP says it."""

    need: str
    text: str
    source: str


# Cargo Systems Messaging Service of CBP; read as republished at http://gistnet.com/csms-sample/03-002540.html.
_FDA = "CBP, CSMS 03-002540, 2003-10-24"
# https://content.govdelivery.com/accounts/USDHSCBP/bulletins/15c6d00
_TSCA = "CBP, CSMS 16-000693, 2016-08-11"
# Read as republished at https://csmsbot.com/message/dcc497c2-feeb-4af6-9682-1643222958cf.
_ORGANIC = "CBP, CSMS 67645994, 2026-02-06"
# The guide's definition, read as reprinted at
# https://online.documentine.com/guide-hs-code/1/ace-agency-tariff-codes.html.
_TARIFF_CODES = "CBP, ACE Agency Tariff Code Reference Guide, 2024-03-06"
# Read as told at http://fhkaysing.com/april-27-2017-pesticides-devices-epa-deadline/, and CSMS 17-000321 of 2017-06-02
# at https://lnks.gd/2/3nRmwW.
_PESTICIDES = "CBP, CSMS 17-000159 and 17-000321, 2017-06-02"
# Read as told at https://willsonintl.com/archives/news/two-stage-enforcement-of-aphis-core-requirements and
# https://www.anderinger.com/aphis-core-enforcement/.
_APHIS_CORE = "CBP, CSMS 45773761, 2021-01-21"
# https://cbp.gov/trade/entry-summary/public-laws-impacting-trade/public-law-110-246/amended-lacey-act/guidance-lacey-act
# has the law; that the flag is its own was read at https://www.sobelnet.com/?p=1459, after the brokers' association.
_LACEY = "CBP, Guidance on the Lacey Act Declaration; NCBFAA, 2021-10"
# Read as told at https://willsonintl.com/archives/news/agriculture-marketing-service-ams-electronic-filing-requirement.
_MARKETING_ORDERS = "CBP, CSMS 50885279, 2022-02-28"
# Read as told at http://stage.internationaltradetoday.com/article/2017/08/16/ on the guide of 2017-08.
_WILDLIFE = "CBP, U.S. Fish and Wildlife Service Implementation Guide, 2017-08-11"
# https://content.govdelivery.com/accounts/USDHSCBP/bulletins/211825d; the definition of the flag in NMFS' own summary,
# https://vdocuments.site/seafood-import-monitoring-program-simp-of-the-national-5-processing-start.html.
_SEAFOOD = "CBP, CSMS 18-000583, 2018-10-02"
# http://gistnet.com/csms-sample/17-000248.html
_ALCOHOL = "CBP, CSMS 17-000248, 2017-04-28"

MEANINGS: Mapping[str, FlagMeaning] = MappingProxyType(
    {
        "FD1": FlagMeaning(
            "may be required",
            "The Food and Drug Administration may regulate the product and may ask for its data.",
            _FDA,
        ),
        "FD2": FlagMeaning(
            "required", "The Food and Drug Administration regulates the product and always asks for its data.", _FDA
        ),
        "FD3": FlagMeaning(
            "may be required",
            "The data of the Food and Drug Administration and the prior notice of imported food may be required; "
            "neither is where the goods are declared as not regulated by it.",
            _FDA,
        ),
        "FD4": FlagMeaning(
            "required",
            "The data of the Food and Drug Administration and the prior notice of imported food are always required.",
            _FDA,
        ),
        "EP7": FlagMeaning(
            "may be required",
            "A certification under the Toxic Substances Control Act may be required: that imported chemicals comply "
            "with it, or that they are not subject to it.",
            _TSCA,
        ),
        "AM7": FlagMeaning(
            "may apply",
            "Data of the National Organic Program of the Agricultural Marketing Service may be filed.",
            _ORGANIC,
        ),
        "AM8": FlagMeaning(
            "required",
            "Data of the National Organic Program of the Agricultural Marketing Service must be filed, or the entry is "
            "rejected.",
            _ORGANIC,
        ),
        "AL2": FlagMeaning(
            "may apply",
            "The import declaration of plants and plant products under the Lacey Act (16 U.S.C. 3372(f), form PPQ "
            "505): scientific name, country of harvest and quantity. Plants that only pack another item need none.",
            _LACEY,
        ),
        "AM4": FlagMeaning(
            "required",
            "Data of a marketing order of the Agricultural Marketing Service, on quality and inspection of certain "
            "fruit, vegetables and nuts, must be filed, or the entry is rejected.",
            _MARKETING_ORDERS,
        ),
        "AQ1": FlagMeaning(
            "may be required",
            "Data of the Animal and Plant Health Inspection Service may be required: its licences, permits and "
            "certificates for animals, plants and what is made of them.",
            _APHIS_CORE,
        ),
        "AQ2": FlagMeaning(
            "required",
            "Data of the Animal and Plant Health Inspection Service are required: its licences, permits and "
            "certificates for animals, plants and what is made of them.",
            _APHIS_CORE,
        ),
        "EP1": FlagMeaning(
            "may be required",
            "Data on substances that deplete the ozone layer may be required by the Environmental Protection Agency.",
            _TARIFF_CODES,
        ),
        "EP5": FlagMeaning(
            "may be required",
            "The notice of arrival of pesticides and devices (EPA form 3540-1) with the product's label may be "
            "required by the Environmental Protection Agency.",
            _PESTICIDES,
        ),
        "FW1": FlagMeaning(
            "may be required",
            "The goods may contain fish or wildlife; then the declaration of the Fish and Wildlife Service (form "
            "3-177) is required. Goods that contain none are declared as such.",
            _WILDLIFE,
        ),
        "FW3": FlagMeaning(
            "required",
            "The declaration of the Fish and Wildlife Service (form 3-177) is always required.",
            _WILDLIFE,
        ),
        "NM8": FlagMeaning(
            "required",
            "Data of the Seafood Import Monitoring Program of the National Marine Fisheries Service are required "
            "(50 CFR 300.324), with the importer's International Fisheries Trade Permit.",
            _SEAFOOD,
        ),
        "TB1": FlagMeaning(
            "may be required",
            "The Alcohol and Tobacco Tax and Trade Bureau regulates the product: its data are filed, or the filer "
            "declares that its requirements are met by other approved means.",
            _ALCOHOL,
        ),
    }
)
