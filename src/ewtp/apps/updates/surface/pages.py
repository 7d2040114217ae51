"""The sources of the rulebook and of screening as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.sorted_table import Column, list_rows
from ewtp.apps.updates.reading.source_list import source_list

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.updates.reading.source_list import SourceStatus


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Every source with its day, its age and when it was last looked for, those that can be fetched first."""
    found = source_list(timezone.now().date())
    context = {
        "listing": list_rows(found, _columns(), request.GET),
        "missing": [each for each in found if each.is_missing],
    }
    return render(request, "pages/rulebook_sources.html", context)


def _columns() -> tuple[Column[SourceStatus], ...]:
    return (
        Column("source", gettext("Source"), order=lambda each: each.title.casefold()),
        Column("published", gettext("Published"), order=lambda each: each.published, largest_first=True),
        Column("age", gettext("Age"), order=lambda each: each.age_days, largest_first=True),
        Column("retrieved", gettext("Retrieved"), order=lambda each: each.retrieved, largest_first=True),
        Column("looked", gettext("Last looked for"), order=lambda each: each.looked and each.looked.at),
    )
