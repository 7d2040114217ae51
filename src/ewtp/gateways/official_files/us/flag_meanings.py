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
    }
)
