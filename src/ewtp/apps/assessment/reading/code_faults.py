"""What is wrong with the codes of a question that cannot be read, so that one refusal names every fault."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.reading.answers import answer_of, read_request
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_SHARED_FIELDS = ("from", "to", "date", "known_at")
# Where a line names no currency that exists. On a day for which no rate of it is held, no code is looked up.
_CURRENCY = "EUR"
_CODE = re.compile(r"lines\[(\d+)\]\.hs")


def refuse_codes_too(body: object, refusal: Refusal, day: date) -> Refusal:
    """The refusal of a question's form, with those of its codes that the rulebook of the destination refuses.

    A code is looked up only once a question is read, and a fault of one line would hide the codes of all others. Here
    the lines whose codes can be read are asked about alone, each with a value of one, which decides no code.
    """
    if not isinstance(body, dict) or not isinstance(body.get("lines"), list):
        return refusal
    unread = {each.where for each in refusal.every}
    places = [
        number
        for number, line in enumerate(body["lines"])
        if isinstance(line, dict) and unread.isdisjoint((f"lines[{number}].hs", f"lines[{number}].origin"))
    ]
    shared = {name: body[name] for name in _SHARED_FIELDS if name in body}
    question = read_request({**shared, "lines": [_line_of_code(body["lines"][number]) for number in places]}, day)
    answer = question if isinstance(question, Refusal) else answer_of(question)
    if isinstance(question, Refusal) or not isinstance(answer, Refusal):
        return refusal
    found = [
        replace(each, where=f"lines[{places[int(match[1])]}].hs", others=())
        for each in answer.every
        if (match := _CODE.fullmatch(each.where or ""))
    ]
    return Refusal.join([refusal, *found])


def _line_of_code(line: Mapping[str, Any]) -> dict[str, Any]:
    """The code and origin of a line, with a value in its own currency where that exists."""
    value = line.get("value")
    named = value.get("currency") if isinstance(value, dict) else None
    currency = named if isinstance(named, str) and named in vocabulary().currencies else _CURRENCY
    kept = {name: line[name] for name in ("hs", "origin") if name in line}
    return {**kept, "value": {"amount": "1", "currency": currency}}
