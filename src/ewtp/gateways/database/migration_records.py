"""Which migrations the database has recorded, without loading any of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper


def is_migrated(connection: BaseDatabaseWrapper) -> bool:
    """Whether every migration of every app is recorded.

    Django's executor imports all of them to find that out, which takes longer than answering a question.
    """
    return set(_migrations_of_apps()) <= set(MigrationRecorder(connection).applied_migrations())


def unknown_migrations(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these migrations, each as ``label.name``, that this program does not have."""
    known = {f"{label}.{name}" for label, name in _migrations_of_apps()}
    return tuple(sorted(set(names) - known))


def read_recorded_migrations(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    """The migrations that the database has recorded, each as ``label.name``."""
    return tuple(sorted(f"{label}.{name}" for label, name in MigrationRecorder(connection).applied_migrations()))


def _migrations_of_apps() -> Iterator[tuple[str, str]]:
    """Label and name of the migrations on disk."""
    for app in apps.get_app_configs():
        package = settings.MIGRATION_MODULES.get(app.label, f"{app.name}.migrations")
        folder = Path(app.path).joinpath(*package.removeprefix(f"{app.name}.").split("."))
        for path in folder.glob("[!_]*.py"):
            yield app.label, path.stem
