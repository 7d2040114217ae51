"""What the pages of other hubs follow from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max

from ewtp.apps.hubs.store.models import FollowedHub, HubEntry, HubFork, HubReport
from ewtp.apps.log.reading.log_place import LogPlace, log_place
from ewtp.apps.proposals.reading.replay_reports import list_report_digests
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from django.db.models import Model


@immutable
class HubsPageState:
    """The place of the log, what is kept of hubs, and the reports of replays that are kept here.

    That a hub was asked and gave nothing is in no event, and neither are the reports that one sends later. Entries,
    forks and reports are added and never changed, so that how many there are and the last of them tell.
    """

    log: LogPlace
    hubs: tuple[tuple[Any, ...], ...]
    kept: tuple[tuple[int, int | None], ...]
    own: tuple[str, ...]


def hubs_page_state() -> HubsPageState:
    """The state now."""
    fields = ("id", "size", "at", "address", "asked", "problem__code", "problem__message")
    hubs = FollowedHub.objects.order_by("id").values_list(*fields)
    kept = tuple(_count_rows(each) for each in (HubEntry, HubFork, HubReport))
    return HubsPageState(log_place(), tuple(hubs), kept, list_report_digests())


def _count_rows(model: type[Model]) -> tuple[int, int | None]:
    found = model._default_manager.aggregate(rows=Count("id"), last=Max("id"))  # noqa: SLF001 - Django's own interface
    return found["rows"], found["last"]
