"""The log as a page: its newest entries, its signed head, and how to check both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.apps.log.reading.entry_list import entries_from
from ewtp.apps.log.reading.log_keys import log_keys
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.apps.log.reading.witness_list import witnesses_seen
from ewtp.apps.log_view.surface.entry_names import entry_name

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# As many as a phone can scroll through on one page.
PAGE_ENTRIES = 20
_DIGITS = 15


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The newest entries, or with ``before`` those in front of a number; only events that anybody may read."""
    head = log_head()
    size = head.size if head else 0
    asked = request.GET.get("before", "")
    readable = asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS
    end = min(int(asked), size) if readable else size
    start = max(0, end - PAGE_ENTRIES)
    entries = entries_from(start, limit=end - start, size=size) if end else ()
    context = {
        "head": head,
        # The newest first, which signs; the others were handed on, or lost.
        "earlier_keys": log_keys()[-2::-1],
        "witnesses": witnesses_seen(),
        "entries": [(entry, entry_name(entry.kind)) for entry in reversed(entries)],
        "older": start,
        "newer": min(end + PAGE_ENTRIES, size) if end < size else 0,
    }
    return render(request, "pages/log.html", context)
