"""The papers and filings that the lines of a piece need before and after a change."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.aggregates import add_row
from ewtp.core.replay.answer_pairs import encode_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.replay.aggregates import Sums
    from ewtp.core.replay.answer_pairs import PairedAnswers
    from ewtp.core.replay.paper_index import PaperIndex

_EPOCH = date(1970, 1, 1)


def count_papers_by_period(
    lines: pa.Table,
    before: pa.Table,
    rows: NDArray[np.int64] | None,
    answers: PairedAnswers,
    papers: PaperIndex,
    *,
    turns: Sequence[date],
) -> Sums:
    """The papers of each run of days between two turns, by the first day of the run."""
    days = np.asarray(pc.fill_null(lines["date"].cast(pa.int32()), 0))
    run = np.searchsorted(np.array([(turn - _EPOCH).days for turn in turns]), days, side="right")
    of_row = run if rows is None else run[rows]
    sums: Sums = {}
    for number, first in enumerate((date.min, *turns)):
        counted = count_papers(before, answers, papers, (run == number, of_row == number))["papers"]
        sums |= {(*paper, first.isoformat()): counts for paper, counts in counted.items()}
    return sums


def count_papers(
    before: pa.Table,
    answers: PairedAnswers,
    papers: PaperIndex,
    within: tuple[NDArray[np.bool_], NDArray[np.bool_]] | None = None,
) -> dict[str, Sums]:
    """Papers and filings of lines that both sides answer; a filing is one line with one agency, with any papers.

    ``within`` says which of all lines, and which of those compared, are counted; None stands for all.
    """
    one, two = (side.sets["requirements"] for side in (answers.before, answers.after))
    both = ~answers.before.refused & ~answers.after.refused
    sides = [np.zeros((2, len(names)), np.int64) for names in (papers.papers, papers.filings)]
    tables: dict[str, Sums] = {"filings": {}, "papers": {}}

    def count(numbers: NDArray[np.int32], names: list[str], before: int, after: int) -> None:
        frequency = np.bincount(numbers, minlength=len(names))
        # Number 0 is that of no requirement at all.
        used = np.flatnonzero(frequency[1:]) + 1
        if not len(used):
            return
        asked = [papers.find(names[number]) for number in used.tolist()]
        own_papers, own_filings, own_strange = zip(*asked, strict=True)
        for each, sums in zip((own_papers, own_filings), sides, strict=True):
            lines = np.repeat(frequency[used], np.fromiter(map(len, each), np.int64, len(each)))
            flat = np.fromiter(chain.from_iterable(each), np.int64, len(lines))
            np.add.at(sums[0], flat, lines * before)
            np.add.at(sums[1], flat, lines * after)
        for place in np.flatnonzero(np.fromiter(map(len, own_strange), np.int64, len(used))).tolist():
            own = int(frequency[used[place]])
            for name in own_strange[place]:
                add_row(tables["papers"], ("", "", name), (own * before, own * after))
            add_row(tables["filings"], ("", ""), (own * before, own * after))

    held, texts = encode_texts(before["requirements"])
    names = list(answers.sets["requirements"])
    if within is not None:
        all_lines, compared = within
        held, one, two, both = held[all_lines], one[compared], two[compared], both[compared]
    count(held, texts.to_pylist(), 1, 1)
    count(one[~both], names, -1, 0)
    count(one, names, 0, -1)
    count(two[both], names, 0, 1)
    for name, keys, sums in (("papers", papers.papers, sides[0]), ("filings", papers.filings, sides[1])):
        for number in np.flatnonzero(sums.any(axis=0)).tolist():
            add_row(tables[name], tuple(keys[number]), tuple(sums[:, number].tolist()))
    return tables
