"""What Django needs to know about this room."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The audit app."""

    name = "ewtp.apps.audit"
    label = "audit"
