"""Economies that adopted rules here and at another hub: two words of one authority, of which neither is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.hubs.store.entry_name import ADOPTED, ENDED
from ewtp.apps.hubs.store.models import HubEntry
from ewtp.apps.proposals.reading.adoption_list import adoptions_page
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.apps.rulebook.reading.market_notices import Market

_WORDED = ("proposals:proposal:drafted", "proposals:draft:revised")
# At most this many are told on a page, the newest first; the pages of the hubs have all.
_MOST = 5


@immutable
class DoubleAdoption:
    """What another hub's log says that an economy adopted there, from ``effective`` on, and the number of that hub."""

    hub: int
    origin: str
    title: str
    effective: str


def double_adoptions(territory: str, today: date) -> list[DoubleAdoption]:
    """What an economy adopted at other hubs and did not end, the newest first; none where it adopted nothing here."""
    rows = HubEntry.objects.filter(kind=ADOPTED, named=territory, body__isnull=False).select_related("hub")
    found = list(rows.order_by("-id")[:_MOST])
    if not found or not _adopts_here(territory, today):
        return []
    ended = {(row.hub_id, body["act"]) for row, body in _bodies(territory) if body["last_day"] < today.isoformat()}
    stated = [(row, _payload(row)) for row in found]
    return [
        DoubleAdoption(row.hub_id, row.hub.origin, _title(row), body["effective"])
        for row, body in stated
        if (row.hub_id, body.get("act")) not in ended
    ]


def market_double_adoptions(market: Market) -> list[DoubleAdoption]:
    """What the economy of a market adopted at other hubs, as of now."""
    return double_adoptions(market.territory, market.now.date())


def _adopts_here(territory: str, today: date) -> bool:
    own, _ = adoptions_page(territory=territory, limit=_MOST)
    return any(each.last_day is None or each.last_day >= today for _, each in own)


def _bodies(territory: str) -> list[tuple[HubEntry, dict[str, Any]]]:
    """The ends of adoptions of an economy at other hubs."""
    rows = HubEntry.objects.filter(kind=ENDED, named=territory, body__isnull=False)
    return [(row, _payload(row)) for row in rows]


def _title(row: HubEntry) -> str:
    """The title of the proposal that an entry is about, as its last version has it."""
    worded = HubEntry.objects.filter(hub=row.hub_id, subject=row.subject, kind__in=_WORDED, body__isnull=False)
    last = worded.order_by("-index").first()
    return "" if last is None else str(_payload(last)["title"])


def _payload(row: HubEntry) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(bytes(row.body or b""))["payload"]
    return payload
