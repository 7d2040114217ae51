"""Settings of the commands that serve no pages: those of the web site without the parts that only pages need."""

from __future__ import annotations

from ewtp.web import settings as site
from ewtp.web.settings import *  # noqa: F403 - a settings module is a namespace that Django reads

# The API's framework takes a third of a second to import, and the command line answers without it.
_PAGES_ALONE = {"ninja", "django_htmx", "django.contrib.messages", "django.contrib.staticfiles"}
# The pages of sign-in take as long again; their tables are made when the site is served.
INSTALLED_APPS = [name for name in site.INSTALLED_APPS if name not in _PAGES_ALONE and not name.startswith("allauth")]
