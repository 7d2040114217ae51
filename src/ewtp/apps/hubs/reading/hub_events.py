"""What entries of other hubs' logs state, read field by field: whoever signs a log may write anything into an entry."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.hubs.store.entry_name import ADOPTED, DECLINED, ENDED, RENEWED, REPLAYED
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DRAFTED, REVISED = "proposals:proposal:drafted", "proposals:draft:revised"
DECIDED = "proposals:vote:decided"
_SHOWN = 300
# What every citation has.
_CITED = {"title", "reference"}
_TERRITORY = re.compile(rf"[A-Z]{{2}}(-[A-Z0-9]{{1,3}})?|{PLATFORM}")


@immutable
class HubEvent:
    """An entry that states what its kind states; ``payload`` has those of its facts that are read here."""

    kind: str
    subject: str
    payload: Mapping[str, Any]


def read_hub_event(body: bytes) -> HubEvent | None:
    """What an entry states; None where it does not state what its kind does. Of other kinds no fact is read."""
    try:
        event = orjson.loads(body)
        kind, payload = event["kind"], event["payload"]
        return HubEvent(_text(kind), _text(event["subject"]), _READERS.get(kind, _nothing)(payload))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def shorten_text(text: str) -> str:
    """The text as far as a page shows it: a title may have tens of thousands of characters."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _nothing(_payload: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _worded(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": _text(payload["title"]), "changeset": _text(payload["content"]["changeset"])}


def _decided(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": _text(payload["outcome"])}


def _replayed(payload: Mapping[str, Any]) -> dict[str, Any]:
    record = payload["record"]
    # Records of earlier versions have no recipe.
    recipe = record.get("recipe")
    told = None if recipe is None else {"change": _text(recipe["change"]), "data": _text(recipe["data"])}
    return {"result": _text(record["result"]), "recipe": told}


def _adopted(payload: Mapping[str, Any]) -> dict[str, Any]:
    # Entries of earlier versions do not say what the authority cited, nor until when it adopts.
    cited, sunset = payload.get("cited"), payload.get("sunset")
    return {
        "territory": _territory(payload["territory"]),
        "articles": [_text(each) for each in payload["articles"]],
        "effective": _day(payload["effective"]),
        "act": _text(payload["act"]),
        "cited": {name: _text(cited[name]) for name in cited.keys() | _CITED} if cited else None,
        "sunset": _day(sunset) if sunset else None,
    }


def _declined(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"territory": _territory(payload["territory"]), "reason": _text(payload["reason"])}


def _lasting(payload: Mapping[str, Any]) -> dict[str, Any]:
    territory, act = _territory(payload["territory"]), _text(payload["act"])
    return {"territory": territory, "act": act, "last_day": _day(payload["last_day"])}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _territory(value: object) -> str:
    if _TERRITORY.fullmatch(_text(value)) is None:
        raise ValueError
    return _text(value)


def _day(value: object) -> str:
    return date.fromisoformat(_text(value)).isoformat()


_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    DRAFTED: _worded,
    REVISED: _worded,
    DECIDED: _decided,
    REPLAYED: _replayed,
    ADOPTED: _adopted,
    DECLINED: _declined,
    ENDED: _lasting,
    RENEWED: _lasting,
}
