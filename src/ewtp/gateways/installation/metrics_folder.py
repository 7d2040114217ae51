"""The folder in which the processes of one server count together, so that any of them answers for all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# The name is the library's, which reads it when it is imported.
_SETTING = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics_folder() -> Iterator[None]:
    """Give the processes started from here an empty folder to count in, and remove it at the end."""
    with TemporaryDirectory(prefix="ewtp-metrics-") as folder:
        os.environ[_SETTING] = folder
        try:
            yield
        finally:
            del os.environ[_SETTING]


def metrics_are_shared() -> bool:
    """Whether this process counts in a folder with others."""
    return _SETTING in os.environ
