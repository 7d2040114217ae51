"""The shapes of organisations in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import PathEx
from ninja.params import P

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.list_page import PAGE_PARAMETERS
from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import (
    ANY_OBJECT,
    BOOLEAN,
    DATE,
    DIGEST,
    ECONOMY,
    INTEGER,
    MOMENT,
    TEXT,
    array,
    explain,
    nullable,
    one_of,
    record,
    ref,
)
from ewtp.core.organisations.house import House
from ewtp.core.organisations.identifier import IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.organisations.role import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

OrganisationId = PathEx[str, P(description="The id of an organisation, which `GET /organisations` lists.")]
ORGANISATION_PARAMETER = QueryParameter(
    "organisation", "The organisation meant; needed by the operator alone, for a token acts for one organisation."
)
LIST_PARAMETERS = PAGE_PARAMETERS
_EUROS: Schema = {"type": "string", "pattern": "^[0-9]{1,15}$", "description": "Whole euros.", "examples": ["900000"]}
_SIZE = {"employees": explain(INTEGER, "Annual work units."), "turnover_eur": _EUROS, "balance_sheet_eur": _EUROS}
_SHARE: Schema = {"type": "string", "pattern": r"^[0-9]{1,3}([.][0-9]{1,2})?$", "examples": ["33.34"]}
_HOLDERS = explain(
    array(record({"owner": TEXT, "share": explain(_SHARE, "In percent of the capital or of the votes.")})),
    "The organisations that have a quarter to half of it; whoever has more is the ultimate owner.",
)
_ROLE = one_of(*Role)
_FOR = explain(TEXT, "Left out, the organisation that the token acts for; the operator names one.")

COMPONENTS: Mapping[str, Schema] = {
    "FirmSize": record(_SIZE),
    "OrganisationIdentifier": record(
        {
            "scheme": one_of(*Scheme),
            "value": explain(TEXT, "In its compact form."),
            "check": explain(one_of(*IdentifierCheck), "By the scheme's rule, or by its form alone."),
        }
    ),
    "OrganisationVerification": record(
        {
            "id": TEXT,
            "organisation": TEXT,
            "subject": one_of(*Subject),
            "by": TEXT,
            "by_organisation": nullable(TEXT),
            "evidence": TEXT,
            "sha256": explain(DIGEST, "The digest of the evidence."),
            "at": MOMENT,
            "until": DATE,
            "ended": explain(nullable(MOMENT), "When it lapsed or was revoked; null while it holds."),
            "reason": explain(nullable(TEXT), "Why it was revoked; null where it was not."),
        }
    ),
    "Organisation": record(
        {
            "id": TEXT,
            "name": TEXT,
            "kind": one_of(*OrganisationKind),
            "economy": ECONOMY,
            "identifiers": array(ref("OrganisationIdentifier")),
            "size": nullable(ref("FirmSize")),
            "ultimate_owner": nullable(TEXT),
            "holders": _HOLDERS,
            "house": explain(
                nullable(record({"name": one_of(*House), "verified": BOOLEAN})),
                "Null while a firm, or its owner, has not declared its size.",
            ),
            "verifications": array(ref("OrganisationVerification")),
        }
    ),
    "OrganisationPage": record({"items": array(ref("Organisation")), "next": nullable(TEXT)}),
    "OrganisationHistory": record(
        {
            "items": array(
                record(
                    {
                        "index": explain(nullable(INTEGER), "The number of the entry in the log, once it has one."),
                        "at": MOMENT,
                        "kind": explain(TEXT, "What happened, as source:subject:action."),
                        "actor": explain(TEXT, "Who did it, as kind:name."),
                        "facts": ANY_OBJECT,
                    }
                )
            ),
            "next": nullable(TEXT),
        }
    ),
    "NewOrganisation": record({"name": TEXT, "kind": one_of(*OrganisationKind), "economy": ECONOMY}),
    "OrganisationChange": record(
        {
            "name": TEXT,
            "size": ref("FirmSize"),
            "ultimate_owner": nullable(TEXT),
            "holders": _HOLDERS,
            "identifiers": explain(
                record({scheme.value: nullable(TEXT) for scheme in Scheme}, optional=tuple(Scheme)),
                "By scheme; null removes the identifier.",
            ),
        },
        optional=("name", "size", "ultimate_owner", "holders", "identifiers"),
    ),
    "Invitation": record({"id": TEXT, "email": TEXT, "role": _ROLE, "expires": MOMENT}),
    "NewInvitation": record({"email": TEXT, "role": _ROLE, "organisation": _FOR}, optional=("organisation",)),
    "Members": record(
        {
            "organisation": TEXT,
            "members": array(record({"person": TEXT, "role": _ROLE})),
            "invitations": array(ref("Invitation")),
        }
    ),
    "MemberChange": record({"role": explain(nullable(_ROLE), "Null ends the membership.")}),
    "Token": record(
        {
            "prefix": TEXT,
            "name": TEXT,
            "organisation": nullable(TEXT),
            "scopes": array(one_of(*Scope)),
            "made_by": nullable(TEXT),
            "created": MOMENT,
            "last_used": nullable(MOMENT),
            "revoked": nullable(MOMENT),
        }
    ),
    "TokenList": record({"items": array(ref("Token"))}),
    "NewToken": record(
        {"name": TEXT, "scopes": array(one_of(*Scope)), "organisation": _FOR}, optional=("organisation",)
    ),
    "TokenSecret": record({"token": ref("Token"), "secret": explain(TEXT, "Shown this once.")}),
    "TokenChange": record({"revoked": {"const": True}}),
    "VerificationList": record({"items": array(ref("OrganisationVerification"))}),
    "VerificationChange": record({"revoked": {"const": True}, "reason": TEXT}),
    "NewVerification": record(
        {
            "organisation": TEXT,
            "subject": one_of(*Subject),
            "evidence": TEXT,
            "sha256": DIGEST,
            "until": DATE,
        }
    ),
}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "organisation": {"A firm": {"name": "Amina Textiles", "kind": "firm", "economy": "KE"}},
    "change": {
        "Size and an identifier": {
            "size": {"employees": 12, "turnover_eur": "900000", "balance_sheet_eur": "400000"},
            "identifiers": {"company_number": "CPR/2010/12345"},
        }
    },
    "invitation": {"A trader": {"email": "bo@example.org", "role": "trader"}},
    "member": {"A viewer": {"role": "viewer"}},
    "token": {"To read": {"name": "price list", "scopes": ["read"]}},
    "token_change": {"Revoke": {"revoked": True}},
    "verification_change": {"Revoke": {"revoked": True, "reason": "The extract was of another firm."}},
    "verification": {
        "Identity": {
            "organisation": "org_019f0000000070008000000000000000",
            "subject": "identity",
            "evidence": "Extract of the commercial register of 2026-06-01",
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "until": "2028-06-01",
        }
    },
}
