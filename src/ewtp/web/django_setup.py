"""Set Django up for the commands that need it, or report why this installation cannot be used."""

from __future__ import annotations

import importlib.util
import os
import sys

import django
from django.conf import settings

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.server import database_address
from ewtp.gateways.installation.home import home_path, secret_key
from ewtp.gateways.installation.log_level import log_format, log_level
from ewtp.gateways.installation.retention import answer_storage, hub_interval, idempotency_lifetime
from ewtp.gateways.publishers.update_settings import read_updated_sources, update_interval
from ewtp.web.sentences import HOME_UNUSABLE


def set_up_django(*, with_pages: bool) -> Refusal | None:
    """Load the settings, those of the web site only ``with_pages``.

    Where the environment forbids it, refuses with ``home_unusable``, ``database_url_unreadable`` or
    ``setting_unreadable``.
    """
    try:
        home = home_path()
        secret_key(home)
    except OSError as error:
        # A full disk is met while writing, where the system names no file.
        path = error.filename or load_configuration().home
        return Refusal(HOME_UNUSABLE, {"path": path, "reason": error.strerror})
    limits = (idempotency_lifetime(), answer_storage(), hub_interval(), update_interval(), read_updated_sources())
    for setting in (database_address(home), *limits, log_level(), log_format()):
        if isinstance(setting, Refusal):
            return setting
    # Settings are loaded once; naming others later would give them only to the processes that this one starts.
    if not settings.configured:
        module = "ewtp.web.settings" if with_pages else "ewtp.web.command_settings"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)
    # Django formats SQL with it when it shows statements, which no command does.
    _import_when_used("sqlparse")
    django.setup()
    return None


def _import_when_used(name: str) -> None:
    """Have the module run when an attribute of it is first asked for; importing it until then costs next to nothing."""
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
