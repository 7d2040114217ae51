"""Processes that answer are asked to end and given their time, and killed only where they are alive after it."""

from __future__ import annotations

from ewtp.web.supervisor import processes_end


class Process:
    """One whose end is known after it was looked at so many times, or never."""

    def __init__(self, looks: float) -> None:
        self._looks = looks
        self.told: list[str] = []

    def is_alive(self) -> bool:
        self._looks -= 1
        return self._looks >= 0

    def terminate(self) -> None:
        self.told.append("terminate")

    def kill(self) -> None:
        self.told.append("kill")

    def join(self) -> None:
        self.told.append("join")


def test_a_process_whose_end_is_known_a_little_later_is_not_killed():
    late, deaf = Process(3), Process(float("inf"))
    processes_end([late], 10)
    assert late.told == ["terminate"]
    processes_end([Process(0), deaf], 0.02)
    assert deaf.told == ["terminate", "kill", "join"]
