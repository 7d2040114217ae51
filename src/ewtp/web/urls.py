"""Which address leads to which room."""

from __future__ import annotations

from django.urls import include, path

from ewtp.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("language/", include("django.conf.urls.i18n")),
]
