"""What Django needs to know about this room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "ewtp.apps.accounts"
    label = "accounts"
