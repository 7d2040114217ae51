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
class StatedEntry:
    """An entry that states what its kind states; ``payload`` has those of its facts that are read here."""

    kind: str
    subject: str
    payload: Mapping[str, Any]


def read_stated_entry(body: bytes) -> StatedEntry | None:
    """What an entry states; None where it does not state what its kind does. Of other kinds no fact is read."""
    try:
        event = orjson.loads(body)
        kind, payload = event["kind"], event["payload"]
        return StatedEntry(_read_text(kind), _read_text(event["subject"]), _READERS.get(kind, _read_nothing)(payload))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def cut_text(text: str) -> str:
    """The text as far as a page shows it: a title may have tens of thousands of characters."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _read_nothing(_payload: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _read_wording(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": _read_text(payload["title"]), "changeset": _read_text(payload["content"]["changeset"])}


def _read_outcome(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"outcome": _read_text(payload["outcome"])}


def _read_replay(payload: Mapping[str, Any]) -> dict[str, Any]:
    record = payload["record"]
    # Records of earlier versions have no recipe.
    recipe = record.get("recipe")
    told = None if recipe is None else {"change": _read_text(recipe["change"]), "data": _read_text(recipe["data"])}
    return {"result": _read_text(record["result"]), "recipe": told}


def _read_adoption(payload: Mapping[str, Any]) -> dict[str, Any]:
    # Entries of earlier versions do not say what the authority cited, nor until when it adopts.
    cited, sunset = payload.get("cited"), payload.get("sunset")
    return {
        "territory": _read_territory(payload["territory"]),
        "articles": [_read_text(each) for each in payload["articles"]],
        "effective": _read_day(payload["effective"]),
        "act": _read_text(payload["act"]),
        "cited": {name: _read_text(cited[name]) for name in cited.keys() | _CITED} if cited else None,
        "sunset": _read_day(sunset) if sunset else None,
    }


def _read_decline(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"territory": _read_territory(payload["territory"]), "reason": _read_text(payload["reason"])}


def _read_ending(payload: Mapping[str, Any]) -> dict[str, Any]:
    territory, act = _read_territory(payload["territory"]), _read_text(payload["act"])
    return {"territory": territory, "act": act, "last_day": _read_day(payload["last_day"])}


def _read_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _read_territory(value: object) -> str:
    if _TERRITORY.fullmatch(_read_text(value)) is None:
        raise ValueError
    return _read_text(value)


def _read_day(value: object) -> str:
    return date.fromisoformat(_read_text(value)).isoformat()


_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    DRAFTED: _read_wording,
    REVISED: _read_wording,
    DECIDED: _read_outcome,
    REPLAYED: _read_replay,
    ADOPTED: _read_adoption,
    DECLINED: _read_decline,
    ENDED: _read_ending,
    RENEWED: _read_ending,
}
