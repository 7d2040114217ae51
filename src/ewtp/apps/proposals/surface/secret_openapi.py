"""The shapes of secret ballots in the API's description, with examples of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.http.surface.schemas import ANY_OBJECT, INTEGER, TEXT, array, by_name, explain, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_LIST: Schema = {"type": "array", "items": {}}
COMPONENTS: Mapping[str, Schema] = {
    "SecretElection": record(
        {
            "uuid": TEXT,
            "authority": explain(TEXT, "The organisation that issues credentials."),
            "trustees": explain(array(TEXT), "Organisations, in the order of their keys."),
            "election": explain(ANY_OBJECT, "As Belenios has it."),
            "groups": explain(array(TEXT), "The owner groups that vote in secret."),
            "missing": explain(array(TEXT), "Those of them that have no credential yet."),
        }
    ),
    "NewSecretElection": record(
        {
            "authority": TEXT,
            "members": explain(array(TEXT), "One organisation of each house, and the one that the log drew."),
            "trustees": explain(_LIST, "What `ewtp vote trustee` left in trustees.json."),
        }
    ),
    "NewCredentials": record({"credentials": explain(by_name(TEXT), "The public key of each owner group.")}),
    "NewSecretBallot": record({"ballot": explain(TEXT, "As `ewtp vote ballot` prints it.")}),
    "SecretReceipt": record(
        {"vote": TEXT, "member": TEXT, "tracker": explain(TEXT, "By what the ballot is found in the archive.")}
    ),
    "NewDecryption": record({"decryption_factors": _LIST, "decryption_proofs": _LIST}),
    "DecryptionCount": record({"decryptions": explain(INTEGER, "Of the five; three give the count.")}),
    "ElectionArchive": {"type": "string", "format": "binary", "description": "A file of Belenios, version 1."},
}
_ORGANISATION = "org_019f0000000070008000000000000000"
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "election": {"Three of five": {"authority": _ORGANISATION, "members": [_ORGANISATION], "trustees": []}},
    "credentials": {"Of a group": {"credentials": {_ORGANISATION: "5"}}},
    "secret_ballot": {"Encrypted": {"ballot": "{}"}},
    "decryption": {"Of a trustee": {"decryption_factors": [], "decryption_proofs": []}},
}
