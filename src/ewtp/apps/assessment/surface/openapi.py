"""The shapes of a question and its answer, as the API's description gives them."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_MONEY: dict[str, Any] = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "string", "description": "A decimal string.", "examples": ["1000.00"]},
        "currency": {"type": "string", "description": "ISO 4217.", "examples": ["USD"]},
    },
}
_CITATION: dict[str, Any] = {
    "type": "object",
    "properties": dict.fromkeys(("source", "reference", "valid_from", "valid_to", "retrieved"), _TEXT),
}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


QUESTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["from", "to", "lines"],
    "additionalProperties": False,
    "properties": {
        "from": {"type": "string", "description": "Economy of dispatch (ISO 3166-1 alpha-2).", "examples": ["ZA"]},
        "to": {"type": "string", "description": "Destination (ISO 3166-1 alpha-2, or EU).", "examples": ["US"]},
        "date": {"type": "string", "format": "date", "description": "Day of import; today by default."},
        "known_at": {"type": ["string", "null"], "format": "date-time", "description": "As known at this moment."},
        "buyer": {"enum": ["consumer", "business", None]},
        "transport": {"enum": ["sea", "air", "road", "rail", "post", None]},
        "lines": _list(
            {
                "type": "object",
                "required": ["hs", "value"],
                "additionalProperties": False,
                "properties": {
                    "hs": {"type": "string", "examples": ["6109100012"]},
                    "origin": _TEXT,
                    "value": _MONEY,
                    "quantities": {"type": "object", "additionalProperties": _TEXT, "examples": [{"kg": "120"}]},
                    "parts": {"type": "object", "additionalProperties": _MONEY},
                    "claims": _list(_TEXT),
                },
            },
        ),
        "freight": {"anyOf": [_MONEY, {"type": "null"}]},
        "insurance": {"anyOf": [_MONEY, {"type": "null"}]},
    },
}

_CHARGE = _object(
    kind={"enum": ["duty", "additional_duty", "tax", "excise", "fee"]},
    measure=_TEXT,
    title=_TEXT,
    expression=_TEXT,
    base=_MONEY,
    amount=_MONEY,
    status={"enum": ["law", "adopted", "proposed"]},
    trace=_list(_TEXT),
    citation=_CITATION,
)

ANSWER_SCHEMA: dict[str, Any] = _object(
    id=_TEXT,
    rulebook_version=_TEXT,
    date=_TEXT,
    known_at=_TEXT,
    request={"type": "object"},
    lines=_list(
        _object(
            hs=_TEXT,
            description=_TEXT,
            origin=_TEXT,
            customs_value=_MONEY,
            charges=_list(_CHARGE),
            options=_list(
                _object(claim=_TEXT, title=_TEXT, saving=_MONEY, origin_rule=_TEXT, proof=_TEXT, citation=_CITATION),
            ),
            requirements=_list(
                _object(agency=_TEXT, document=_TEXT, stage=_TEXT, measure=_TEXT, status=_TEXT, citation=_CITATION),
            ),
            prohibitions=_list(_object(measure=_TEXT, title=_TEXT, status=_TEXT, citation=_CITATION)),
            unknowns=_list(_object(code=_TEXT, message=_TEXT)),
            range={"type": ["object", "null"]},
        ),
    ),
    totals=_object(
        customs_value=_MONEY,
        goods=_MONEY,
        duty=_MONEY,
        tax=_MONEY,
        fees=_MONEY,
        freight=_MONEY,
        insurance=_MONEY,
        landed_cost=_MONEY,
        complete={"type": "boolean"},
    ),
    exchange_rates=_list({"type": "object"}),
    practices=_list({"type": "object"}),
    stale=_list(_object(source=_TEXT, published={"type": ["string", "null"]}, age_days={"type": ["integer", "null"]})),
)

_MAYBE_MONEY: dict[str, Any] = {"anyOf": [_MONEY, {"type": "null"}]}
_NAMES = _object(count={"type": "integer"}, names=_list(_TEXT))
_MARKET_ROW = _object(
    to={"type": "string", "description": "The destination; `from` and an origin where one market was asked about."},
    rank={"type": "integer"},
    outcome={"enum": ["complete", "range", "incomplete", "tax_only", "unknown", "refused"]},
    complete={"type": "boolean"},
    hs=_TEXT,
    edition={"type": ["string", "null"]},
    resolved={"type": ["object", "null"], "description": "The code asked there, where its edition has another."},
    national_lines={"type": "integer"},
    unions=_list(_TEXT),
    duty=_MAYBE_MONEY,
    tax=_MAYBE_MONEY,
    fees=_MAYBE_MONEY,
    landed_cost=_MAYBE_MONEY,
    local_landed_cost=_MAYBE_MONEY,
    range={"type": ["object", "null"], "description": "Lowest and highest of each amount that is not settled."},
    duty_rates=_list(_TEXT),
    tax_rates=_list(_TEXT),
    agencies=_NAMES,
    documents=_NAMES,
    perhaps=_NAMES,
    prohibitions=_list(_TEXT),
    best_option={"type": ["object", "null"]},
    options={"type": "integer"},
    unknowns=_list(_TEXT),
    schedule={"type": ["object", "null"]},
    exchange_rate={"type": ["object", "null"]},
    refusal={"type": ["object", "null"]},
)
MARKETS_SCHEMA: dict[str, Any] = _object(
    rulebook_version=_TEXT,
    date=_TEXT,
    request={"type": "object"},
    description=_TEXT,
    counts={"type": "object"},
    markets=_list(_MARKET_ROW),
    origins=_list(_MARKET_ROW),
)
