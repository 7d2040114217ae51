"""The door through which a WSGI server calls the site."""

from __future__ import annotations

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

# Where settings are loaded already, naming some would give them only to the processes that this one starts.
if not settings.configured:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ewtp.web.settings")

application = get_wsgi_application()
