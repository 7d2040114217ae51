"""Set Django up for the commands that need it, or report why this installation cannot be used."""

from __future__ import annotations

import os

import django

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.server import database_address
from ewtp.gateways.installation.home import home_path, secret_key
from ewtp.gateways.installation.log_level import log_level
from ewtp.gateways.installation.retention import idempotency_lifetime
from ewtp.web.sentences import DATABASE_URL_UNREADABLE, HOME_UNUSABLE


def set_up_django(*, with_pages: bool) -> Refusal | None:
    """Load the settings, those of the web site only ``with_pages``.

    Where the environment forbids it, refuses with ``home_unusable``, ``database_url_unreadable`` or
    ``setting_unreadable``.
    """
    try:
        home = home_path()
        secret_key(home)
    except OSError as error:
        return Refusal(HOME_UNUSABLE, {"path": error.filename, "reason": error.strerror})
    try:
        database_address(home)
    except ValueError as error:
        return Refusal(DATABASE_URL_UNREADABLE, {"reason": str(error)})
    for setting in (idempotency_lifetime(), log_level()):
        if isinstance(setting, Refusal):
            return setting
    settings = "ewtp.web.settings" if with_pages else "ewtp.web.command_settings"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    django.setup()
    return None
