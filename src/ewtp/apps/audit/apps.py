"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.stored_app import StoredApp


class AuditConfig(StoredApp):
    """The audit app."""

    name = "ewtp.apps.audit"
    label = "audit"
