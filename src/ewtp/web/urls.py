"""Which address leads to which room."""

from __future__ import annotations

from django.urls import include, path, re_path

from ewtp.apps.assessment.surface import pages as assessment_pages
from ewtp.apps.markets.surface import pages
from ewtp.apps.rulebook.surface import pages as rulebook_pages
from ewtp.web.api import api, not_found
from ewtp.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", not_found, {"rest": ""}),
    path("api/v1/", api.urls),
    re_path(r"^api/v1/(?P<rest>(?s:.*))$", not_found),
    path("", assessment_pages.ask, name="ask"),
    path("suggest", assessment_pages.suggestions, name="suggestions"),
    path("answers/<slug:assessment_id>", assessment_pages.answer, name="answer"),
    path("answers/<slug:assessment_id>.pdf", assessment_pages.pdf, name="answer_pdf"),
    path("answers/<slug:assessment_id>.csv", assessment_pages.csv, name="answer_csv"),
    path("answers/<slug:assessment_id>/change", assessment_pages.change, name="answer_change"),
    path("answers/<slug:assessment_id>/again", assessment_pages.again, name="answer_again"),
    path("answers/<slug:assessment_id>/ruling", assessment_pages.ruling, name="answer_ruling"),
    path("answers/<slug:assessment_id>/ruling.txt", assessment_pages.ruling_text, name="answer_ruling_text"),
    path("markets", pages.markets, name="markets"),
    path("markets.csv", pages.table, name="markets_csv"),
    path("measures/<path:measure_id>", rulebook_pages.measure, name="measure"),
    path("language/", include("django.conf.urls.i18n")),
]
