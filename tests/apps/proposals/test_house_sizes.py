"""How large the houses are is read by one thread at a time, and remembered the longer the longer it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from ewtp.apps.proposals.reading import house_sizes
from ewtp.apps.proposals.reading.house_sizes import forget_house_sizes, read_house_sizes
from ewtp.core.organisations.house import House

NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)


class _Electorate:
    """A roll of one house, one owner group larger at each reading, which takes as long as it is told."""

    def __init__(self) -> None:
        self.readings, self.clock, self.seconds = 0, 0.0, 0.0
        self.begun, self.allowed = Event(), Event()
        self.allowed.set()

    def freeze_roll_on(self, _day: object) -> SimpleNamespace:
        self.readings += 1
        self.clock += self.seconds
        self.begun.set()
        assert self.allowed.wait(30)
        return SimpleNamespace(active={House.SMALL_FIRM: self.readings})


@pytest.fixture
def electorate(monkeypatch: pytest.MonkeyPatch) -> _Electorate:
    found = _Electorate()
    monkeypatch.setattr(house_sizes, "freeze_roll_on", found.freeze_roll_on)
    monkeypatch.setattr(house_sizes, "procedure_in_force", lambda _: SimpleNamespace(house_active_groups=5))
    monkeypatch.setattr(house_sizes, "monotonic", lambda: found.clock)
    forget_house_sizes()
    return found


@pytest.mark.parametrize(("seconds", "remembered"), [(0.1, 60.0), (8.0, 800.0)])
def test_sizes_are_remembered_the_longer_the_longer_they_take(
    electorate: _Electorate, seconds: float, remembered: float
) -> None:
    electorate.seconds = seconds
    read_house_sizes(NOW)
    electorate.clock += remembered - 1
    assert read_house_sizes(NOW).active[House.SMALL_FIRM] == 1
    electorate.clock += 2
    assert read_house_sizes(NOW).active[House.SMALL_FIRM] == 2


def test_sizes_of_another_day_are_read_again(electorate: _Electorate) -> None:
    read_house_sizes(NOW)
    assert read_house_sizes(NOW + timedelta(days=1)).active[House.SMALL_FIRM] == 2
    assert electorate.readings == 2


def test_nobody_waits_while_another_reads(electorate: _Electorate) -> None:
    read_house_sizes(NOW)
    electorate.clock += 61
    electorate.begun.clear()
    electorate.allowed.clear()
    other = Thread(target=read_house_sizes, args=(NOW,))
    other.start()
    assert electorate.begun.wait(30)
    assert read_house_sizes(NOW).active[House.SMALL_FIRM] == 1
    electorate.allowed.set()
    other.join(30)
    assert read_house_sizes(NOW).active[House.SMALL_FIRM] == 2
    assert electorate.readings == 2
