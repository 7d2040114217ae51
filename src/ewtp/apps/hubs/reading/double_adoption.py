"""Economies that adopted rules here and at another hub: two words of one authority, of which neither is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.hubs.store.entry_name import ADOPTED, ENDED, RENEWED
from ewtp.apps.hubs.store.models import HubEntry
from ewtp.apps.proposals.reading.adoption_list import adoptions_page
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import date

    from ewtp.apps.rulebook.reading.market_notices import Market

_WORDED = ("proposals:proposal:drafted", "proposals:draft:revised")
# At most this many are told on a page, the newest first; the pages of the hubs have all.
_MOST = 5
# After every day in ISO 8601.
_NEVER = "9999-12-31"


@immutable
class DoubleAdoption:
    """What another hub's log says that an economy adopted there, from ``effective`` on, and the number of that hub."""

    hub: int
    origin: str
    title: str
    effective: str


def double_adoptions(territory: str, today: date) -> list[DoubleAdoption]:
    """What an economy adopted at other hubs and still holds there, the newest first; none without adoptions here."""
    rows = HubEntry.objects.filter(kind=ADOPTED, named=territory, body__isnull=False).select_related("hub")
    found = list(rows.order_by("-id")[:_MOST])
    if not found or not _adopts_here(territory, today):
        return []
    last_days = _last_days(territory)
    stated = [(row, _payload(row)) for row in found]
    return [
        DoubleAdoption(row.hub_id, row.hub.origin, _title(row), body["effective"])
        for row, body in stated
        if (last_days.get((row.hub_id, body.get("act"))) or body.get("sunset") or _NEVER) >= today.isoformat()
    ]


def market_double_adoptions(market: Market) -> list[DoubleAdoption]:
    """What the economy of a market adopted at other hubs, as of now."""
    return double_adoptions(market.territory, market.now.date())


def _adopts_here(territory: str, today: date) -> bool:
    own, _ = adoptions_page(territory=territory, limit=_MOST)
    return any(each.last_day is None or each.last_day >= today for _, each in own)


def _last_days(territory: str) -> dict[tuple[int, str | None], str]:
    """By hub and act, until when an adoption of an economy there lasts, as the last entry about it says."""
    # Renewals taken in by earlier versions have no name to be found by.
    rows = HubEntry.objects.filter(kind__in=[ENDED, RENEWED], named__in=[territory, ""], body__isnull=False)
    told = [(row.hub_id, _payload(row)) for row in rows.order_by("hub", "index")]
    return {(hub, body["act"]): body["last_day"] for hub, body in told if body["territory"] == territory}


def _title(row: HubEntry) -> str:
    """The title of the proposal that an entry is about, as its last version has it."""
    worded = HubEntry.objects.filter(hub=row.hub_id, subject=row.subject, kind__in=_WORDED, body__isnull=False)
    last = worded.order_by("-index").first()
    return "" if last is None else str(_payload(last)["title"])


def _payload(row: HubEntry) -> dict[str, Any]:
    payload: dict[str, Any] = orjson.loads(bytes(row.body or b""))["payload"]
    return payload
