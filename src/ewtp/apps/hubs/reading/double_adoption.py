"""Economies that adopted rules here and at another hub: two words of one authority, of which neither is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.hubs.reading.hub_events import DRAFTED, REVISED, cut_text, read_stated_entry
from ewtp.apps.hubs.store.entry_name import ADOPTED, ENDED, RENEWED
from ewtp.apps.hubs.store.models import HubEntry
from ewtp.apps.proposals.reading.adoption_list import adoptions_page
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from typing import Any

    from ewtp.apps.rulebook.reading.market_notices import Market

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
    return [
        DoubleAdoption(row.hub_id, row.hub.origin, _title(row), body["effective"])
        for row, body in _read_entries(found)
        if (last_days.get((row.hub_id, body["act"])) or body["sunset"] or _NEVER) >= today.isoformat()
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
    told = _read_entries(rows.order_by("hub", "index"))
    return {(row.hub_id, body["act"]): body["last_day"] for row, body in told if body["territory"] == territory}


def _title(row: HubEntry) -> str:
    """The title of the proposal that an entry is about, as its last version has it."""
    worded = HubEntry.objects.filter(
        hub=row.hub_id, subject=row.subject, kind__in=[DRAFTED, REVISED], body__isnull=False
    )
    return next((cut_text(body["title"]) for _, body in _read_entries(worded.order_by("-index")[:_MOST])), "")


def _read_entries(rows: Iterable[HubEntry]) -> Iterator[tuple[HubEntry, Mapping[str, Any]]]:
    """Each entry with what it states; those that do not state what their kind does are left out."""
    for row in rows:
        event = read_stated_entry(bytes(row.body or b""))
        if event is not None:
            yield row, event.payload
