"""JSON Schema as the API's description uses it: how schemas are written, and those that several apps share.

A schema with a name is a component of the description; others refer to it with ``ref``. The tests hold what the routes
really answer to these schemas, field by field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
DATE: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DECIMAL: Schema = {
    "type": "string",
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "A decimal number as a string.",
    "examples": ["1000.00"],
}
ECONOMY: Schema = {
    "type": "string",
    "pattern": "^[A-Z]{2}$",
    "description": "ISO 3166-1 alpha-2, or EU.",
    "examples": ["ZA"],
}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
# An object whose form another page describes, or nobody fixes.
ANY_OBJECT: Schema = {"type": "object", "additionalProperties": True}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217.", "examples": ["GBP"]}


def ref(name: str) -> Schema:
    """The component of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def explain(schema: Schema, description: str) -> Schema:
    """The schema with a sentence about the value's meaning."""
    return {**schema, "description": description}


def one_of(*values: str) -> Schema:
    """One of a few words."""
    return {"type": "string", "enum": list(values)}


def nullable(schema: Schema) -> Schema:
    """The value, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def array(item: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": item}


def by_name(value: Schema) -> Schema:
    """An object whose keys are data, such as units, with values of one kind."""
    return {"type": "object", "additionalProperties": value}


def record(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    """An object with these fields; all but the ``optional`` ones are always there."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
    }


def statement_record(properties: Schema, *, optional: tuple[str, ...] = ()) -> Schema:
    """A sentence as data with more fields beside it."""
    return record({**_STATEMENT, **properties}, optional=("form", *optional))


def page(item: Schema) -> Schema:
    """One page of a list that continues at ``next``."""
    return record(
        {
            "rulebook_version": explain(TEXT, "The version that the list is read from; empty while there is none."),
            "items": array(item),
            "next": explain(nullable(TEXT), "The cursor of the page that follows; null on the last one."),
        }
    )


_STATEMENT = {
    "code": explain(TEXT, "Stable and machine readable."),
    "message": explain(TEXT, "One sentence in English that says what to do."),
    "form": explain(TEXT, "Which wording of the code, where it has several."),
    "params": explain({"type": "object"}, "What fills the sentence, to write it in another language."),
}
_REFUSAL = {
    **_STATEMENT,
    "at": explain(INTEGER, "Offset of the offending character in the text that was read."),
    "where": explain(TEXT, "Path of the offending field, such as lines[0].hs."),
}
_SOMETIMES = ("form", "at", "where")

COMPONENTS: Mapping[str, Schema] = {
    "Money": record({"amount": DECIMAL, "currency": CURRENCY}),
    "SentenceReference": explain(
        record({name: schema for name, schema in _STATEMENT.items() if name != "message"}, optional=("form",)),
        "What the text beside it is written from.",
    ),
    "Statement": record(_STATEMENT, optional=("form",)),
    "Error": {
        **record(_REFUSAL, optional=_SOMETIMES),
        "description": "Why something was refused; some codes add details of their own.",
        "additionalProperties": True,
    },
    "Problem": {
        **record(
            {
                "type": {"const": "about:blank"},
                "title": explain(TEXT, "The phrase of the status."),
                "status": INTEGER,
                "detail": explain(TEXT, "The sentence of the first error."),
                **{name: schema for name, schema in _REFUSAL.items() if name != "message"},
                "errors": explain(array(ref("Error")), "Everything that is wrong with the request, in its order."),
            },
            optional=_SOMETIMES,
        ),
        "description": "A problem document (RFC 9457); `code` and what goes with it are those of the first error.",
        "additionalProperties": True,
        "examples": [
            {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no assessment under this id; ask with POST /api/v1/assessments.",
                "code": "assessment_unknown",
                "params": {},
                "errors": [
                    {
                        "code": "assessment_unknown",
                        "message": "There is no assessment under this id; ask with POST /api/v1/assessments.",
                        "params": {},
                    }
                ],
            }
        ],
    },
}
