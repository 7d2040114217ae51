"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class JobsConfig(StoredApp):
    """What happens later."""

    name = "ewtp.apps.jobs"
    label = "jobs"
