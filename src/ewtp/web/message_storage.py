"""Where the messages of a page wait for the next one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Messages in a cookie that has the name of the site's others."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class PageMessageStorage(FallbackStorage):
    """Messages in a cookie, and in the session where they are too long for one."""

    storage_classes = (HostCookieStorage, SessionStorage)
