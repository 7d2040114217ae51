"""The shapes of the log in the API's description, and the parameters of its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.http.surface.list_page import PAGE_PARAMETERS
from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.schemas import ANY_OBJECT, INTEGER, MOMENT, TEXT, array, explain, nullable, record, ref

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.http.surface.schemas import Schema

_SIZE: Schema = {"type": "integer", "minimum": 0}

ENTRY_PARAMETERS = PAGE_PARAMETERS
INCLUSION_PARAMETERS = (
    QueryParameter("entry", "The number of the entry, or the hash of its leaf in hexadecimal.", "0"),
    QueryParameter("size", "The size of the log to prove it for; the newest when left out.", schema=_SIZE),
)
CONSISTENCY_PARAMETERS = (
    QueryParameter("from", "The earlier size, at least 1.", 1, schema=_SIZE),
    QueryParameter("to", "The later size; the newest when left out.", schema=_SIZE),
)

_HASH = explain({"type": "string", "contentEncoding": "base64"}, "32 bytes of SHA-256 in base64.")
_PROOF = explain(array(_HASH), "The hashes of the proof, in the order of RFC 9162.")

COMPONENTS: Mapping[str, Schema] = {
    "LogEntry": record(
        {
            "index": explain(INTEGER, "The number of the entry, from 0."),
            "leaf_hash": _HASH,
            "kind": explain(nullable(TEXT), "What happened, as source:subject:action; null where it is withheld."),
            "at": nullable(MOMENT),
            "salt": explain(nullable(TEXT), "What the leaf is hashed with, in base64."),
            "event": {
                "anyOf": [ANY_OBJECT, {"type": "null"}],
                "description": "The event; null where it is withheld or was erased.",
            },
            "erased": nullable(record({"at": MOMENT, "reason": TEXT})),
        }
    ),
    "LogPage": record(
        {
            "size": explain(INTEGER, "How many entries the log has; 0 while there are none."),
            "items": array(ref("LogEntry")),
            "next": explain(nullable(TEXT), "The cursor of the page that follows; null on the last one."),
        }
    ),
    "LogHead": record(
        {
            "origin": explain(TEXT, "The name of the log."),
            "size": INTEGER,
            "root": _HASH,
            "checkpoint": explain(TEXT, "The signed note that states name, size and root (C2SP tlog-checkpoint)."),
            "key": explain(TEXT, "The public key that signed it, as name+id+key."),
            "at": explain(MOMENT, "When it was signed."),
        }
    ),
    "LogKeys": record({"items": array(ref("LogKeyPeriod"))}),
    "LogKeyPeriod": record(
        {
            "key": explain(TEXT, "The public key, as name+id+key."),
            "first": explain(INTEGER, "The first size whose checkpoint it signs."),
            "last": explain(nullable(INTEGER), "The last one; null while it signs."),
            "handover": explain(
                nullable(ref("LogHandover")),
                "How the key before handed the log on; null where the operator introduced it.",
            ),
        }
    ),
    "LogHandover": record(
        {
            "checkpoint": explain(TEXT, "The signed note of the rotation, with the signatures of both keys."),
            "event": explain(ANY_OBJECT, "Its last entry, which names both keys."),
            "salt": explain(TEXT, "What the leaf of that entry is hashed with, in base64."),
            "proof": _PROOF,
        }
    ),
    "LogWitnesses": record({"items": array(ref("LogWitness"))}),
    "LogWitness": record(
        {
            "key": explain(TEXT, "The public key of the witness, as name+id+key."),
            "size": explain(INTEGER, "The size of the log that it cosigned last."),
            "at": explain(MOMENT, "When it did, by its own clock."),
            "checkpoint": explain(TEXT, "The signed note of that size, with every cosignature."),
        }
    ),
    "LogNote": explain(TEXT, "The signed note of the newest checkpoint."),
    "LogTile": {"type": "string", "format": "binary", "description": "32 bytes of each hash, one behind the other."},
    "LogInclusion": record({"index": INTEGER, "size": INTEGER, "leaf_hash": _HASH, "root": _HASH, "proof": _PROOF}),
    "LogConsistency": record({"from": INTEGER, "to": INTEGER, "from_root": _HASH, "to_root": _HASH, "proof": _PROOF}),
}
