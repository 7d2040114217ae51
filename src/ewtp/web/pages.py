"""Pages of the site as a whole, which belong to no app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def not_here(request: HttpRequest, part: str) -> HttpResponse:
    """Say that a part (``trade``, ``clear`` or ``rules``) has not been built, and what can be done today."""
    return render(request, "pages/not_here.html", {"part": part})
