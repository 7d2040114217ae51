"""Patching a compiled book for one measure against compiling the whole book, in the same process.

Fifty measures drawn from all kinds, and separately those that reach all codes of a territory.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bench.world.compiled_seed import compiled, whole_seed
from bench.world.peers import note, report
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset
from ewtp.core.rulebook.changeset.overlay import Overlay

if TYPE_CHECKING:
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Kind, Measure

DRAWN = 50
TARGET = 20.0
TIMES = 3
SEED = 11


def measure_changes(book: Book) -> None:
    """Print one line for measures of all kinds, one for those without a code, and one for the slowest of those."""
    chance = random.Random(SEED)
    by_kind: dict[Kind, list[Measure]] = {}
    for _, rules in sorted(book.rules.items()):
        for rule in rules:
            by_kind.setdefault(rule.measure.kind, []).append(rule.measure)
    each = -(-DRAWN // len(by_kind))
    drawn = [m for _, found in sorted(by_kind.items()) for m in chance.sample(found, min(each, len(found)))]
    wide = {
        (m.kind, m.territory): m for found in by_kind.values() for m in found if not m.product.prefix and m.expression
    }
    note("patching a compiled book")
    # What the whole book as objects costs the collector would be counted to either side.
    gc.freeze()
    base = compiled(book)
    whole: list[float] = []
    some: list[float] = []
    widest: dict[tuple[Kind, str], list[float]] = {}
    for turn in range(TIMES):
        start = time.perf_counter()
        compiled(book)
        whole.append(time.perf_counter() - start)
        some += [_seconds(book, base, measure) for measure in drawn[turn::TIMES]]
        for name, measure in wide.items():
            widest.setdefault(name, []).append(_seconds(book, base, measure))
        note(f"  one measure {statistics.median(some):.3f} s, all {whole[-1]:.2f} s")
    full = statistics.median(whole)
    _report("publishing one measure", statistics.median(some), full, len(some), slowest=round(max(some), 3))
    medians = {name: statistics.median(seconds) for name, seconds in widest.items()}
    _report("publishing one that reaches all codes", statistics.median(medians.values()), full, len(medians))
    (kind, territory), slowest = max(medians.items(), key=lambda row: row[1])
    _report("publishing the one that reaches most", slowest, full, 1, measure=f"{kind} of {territory}")


def _seconds(book: Book, base: CompiledBook, measure: Measure) -> float:
    """How long the compiled book takes to be that of a book with the measure amended."""
    after = replace(measure, title="amended", expression="1.25%" if measure.expression else "")
    overlay = Overlay(Changeset("before", "after", amended=(Amended(measure, after),)))
    law = overlay.over(book)
    start = time.perf_counter()
    made = patch_book(base, law, find_changed_measures(book, law, overlay.parts))
    seconds = time.perf_counter() - start
    assert made is not None
    return seconds


def _report(bench: str, ours: float, theirs: float, n: int, **figures: object) -> None:
    report(
        bench,
        "compiling the whole book",
        ratio=theirs / ours,
        target=TARGET,
        ours=round(ours, 4),
        theirs=round(theirs, 3),
        unit="s, medians",
        n=n,
        times=TIMES,
        share=round(ours / theirs, 4),
        **figures,
    )


if __name__ == "__main__":
    measure_changes(whole_seed())
