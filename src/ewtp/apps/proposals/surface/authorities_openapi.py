"""The shapes of authorities' keys and of what ends in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.schemas import (
    BOOLEAN,
    DATE,
    ECONOMY,
    MOMENT,
    TEXT,
    array,
    explain,
    one_of,
    record,
    ref,
)
from ewtp.core.votes.vote_tally import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_SIGNED = explain(TEXT, "The statement as a signed note; the hub signs with a key that it holds without it.")

COMPONENTS: Mapping[str, Schema] = {
    "AuthorityKey": record(
        {
            "economy": ECONOMY,
            "key": explain(TEXT, "`authority/` and the economy, the key's id, and the key."),
            "hosted": explain(BOOLEAN, "Whether the hub holds it for the authority."),
            "since": MOMENT,
            "backings": explain(
                array(record({"key": TEXT, "by": ECONOMY})), "Governments that say it has another key now."
            ),
        }
    ),
    "AuthorityKeys": record({"items": array(ref("AuthorityKey"))}),
    "NewAuthorityKey": record(
        {"economy": ECONOMY, "key": TEXT, "signed": _SIGNED},
        optional=("key", "signed"),
    ),
    "NewKeyBacking": record({"key": TEXT, "signed": _SIGNED}, optional=("signed",)),
    "AdoptionWithdrawal": record(
        {
            "proposal": TEXT,
            "act": explain(TEXT, "The act of the adoption."),
            "last_day": DATE,
            "reason": explain(TEXT, "Published."),
            "signed": _SIGNED,
        },
        optional=("signed",),
    ),
    "AdoptionRenewal": record(
        {
            "proposal": TEXT,
            "act": explain(TEXT, "The act of the adoption."),
            "last_day": explain(DATE, "Until when it has effect now."),
            "title": explain(TEXT, "Of the act by which the economy renews it."),
            "publisher": TEXT,
            "reference": explain(TEXT, "The place in the act."),
            "published": DATE,
            "url": TEXT,
            "signed": _SIGNED,
        },
        optional=("published", "url", "signed"),
    ),
    "SendBack": record(
        {"choice": one_of(*Choice), "reason": explain(TEXT, "Needed by those who want it back; published.")},
        optional=("reason",),
    ),
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "key": {"Held by the hub": {"economy": "US"}},
    "backing": {"A key": {"key": "authority/US+00000000+AQ=="}},
    "withdrawal": {
        "An adoption": {
            "proposal": "prp_019f0000000070008000000000000000",
            "act": "adopted-us-2",
            "last_day": "2027-12-31",
            "reason": "Under review.",
        }
    },
    "renewal": {
        "An adoption": {
            "proposal": "prp_019f0000000070008000000000000000",
            "act": "adopted-us-2",
            "last_day": "2029-12-31",
            "title": "Act 12 of 2027",
            "publisher": "Federal Register",
            "reference": "section 1",
        }
    },
    "send_back": {"Discuss it again": {"choice": "for", "reason": "The notice is too short for us."}},
}
