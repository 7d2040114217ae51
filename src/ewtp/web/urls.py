"""Which address leads to which room."""

from __future__ import annotations

from django.urls import include, path, re_path

from ewtp.web.api import api, not_found
from ewtp.web.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", api.urls),
    re_path(r"^api/v1/(?P<rest>.*)$", not_found),
    path("language/", include("django.conf.urls.i18n")),
]
