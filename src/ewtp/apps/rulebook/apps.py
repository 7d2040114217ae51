"""What Django needs to know about this room."""

from __future__ import annotations

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    """The rulebook app."""

    name = "ewtp.apps.rulebook"
    label = "rulebook"
