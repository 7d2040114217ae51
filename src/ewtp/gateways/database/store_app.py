"""How Django finds the tables of an app of ours: in its ``store`` package, where Django expects ``models``."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class StoredApp(AppConfig):
    """An app whose models are in ``store.models``; its migrations are named in the settings."""

    def import_models(self) -> None:
        """Register the models of ``store.models`` as those of this app."""
        registry = self.apps
        if registry is not None:
            self.models = registry.all_models[self.label]
        self.models_module = import_module(f"{self.name}.store.models")
