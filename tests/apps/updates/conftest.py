"""A home of one's own, and a server that plays every publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.apps.updates.publishers import publish, settings_for
from tests.playing_server import PlayingServer, playing_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EWTP_HOME", str(tmp_path))
    monkeypatch.setattr("ewtp.web.command_line.installation_ready.prepare_installation", lambda _: None)
    return tmp_path


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayingServer]:
    """The server that plays every publisher, with the first edition of everything."""
    del home
    with playing_server() as played:
        publish(played, 1)
        for name, text in settings_for(played).items():
            monkeypatch.setenv(name, text)
        yield played
