"""A replay in a terminal: losers stand beside gainers, and everything fits into eighty columns."""

from __future__ import annotations

import io
import random

import pytest
from rich.console import Console

from ewtp.core.replay.comparison import tally_lines
from ewtp.core.replay.report import ReplayReport
from ewtp.web.command_line.replay_table import print_replay
from tests.core.replay.invented_law import after, answers, before, draw, papers

MIXED = 3
CHANGE = {
    "before": "law",
    "after": "[red]mixed[/red]",
    "counts": {"added": 2, "ended": 1, "amended": 2},
    "not_held": {"count": 7, "first": ["one", "two"]},
}


def printed(columns: list[str], synthetic: dict[str, int] | None = None) -> list[str]:
    lines = draw(random.Random(5), 300).drop_columns(columns)
    tally = tally_lines(lines, answers(before(), lines), answers(after(MIXED), lines), papers=papers())
    out = io.StringIO()
    print_replay(ReplayReport(tally, "v1", CHANGE, synthetic), console=Console(file=out, width=80, highlight=False))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.kernel
def test_losers_stand_beside_gainers():
    shown = printed([])
    assert max(map(len, shown)) <= 80
    place = shown.index("Most, economies of dispatch")
    assert shown[place + 1].split() == ["pay", "less", "lines", "EUR", "pay", "more", "lines", "EUR"]
    # An economy, its lines and its sum, on the left and on the right.
    assert len(shown[place + 2].split()) == 6
    assert any("open in another way" in line for line in shown)
    place = shown.index("Paid more or less, counting what is open")
    assert shown[place + 1].split() == ["open", "lines", "certain", "at", "least", "at", "most"]
    assert shown[place + 2].endswith("no bound")
    assert "7 records" in " ".join(shown)


@pytest.mark.kernel
def test_words_of_the_file_are_no_markup():
    assert any("[red]mixed[/red]" in line for line in printed([]))


@pytest.mark.kernel
def test_what_lines_do_not_tell_and_what_was_made_up_is_said():
    shown = printed(["firm", "firm_size"], {"lines": 100})
    assert shown[0].startswith("100 of the 300 lines are synthetic")
    assert "By firm size: the lines do not say (firm_size)." in shown
    assert "By firm: the lines do not say (firm)." in shown
    assert printed([], {"lines": 300})[0].startswith("These lines are synthetic")
