"""Pages of the site as a whole, which belong to no app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ewtp.web.component_samples import sample_context, sample_csv

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def not_here(request: HttpRequest, part: str) -> HttpResponse:
    """A page for a part of the site that is not built (``trade`` or ``clear``), with what works today."""
    return render(request, "pages/not_here.html", {"part": part})


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """How rules are changed: what stops trade, what rules cost small firms, and what is not built yet."""
    return render(request, "pages/rules.html")


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component with sample content in the reader's language, for building and testing pages."""
    return render(request, "pages/components.html", sample_context(request.GET))


@require_safe
def components_file(_request: HttpRequest) -> HttpResponse:
    """The sample table as a file."""
    response = HttpResponse(sample_csv(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="sample.csv"'
    return response
