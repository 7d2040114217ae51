"""A compiled book changed by some measures answers as the changed law compiled in full does."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile import rule_lists
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.format.entry_key import entry_key
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.patch import list_patcher, patch
from ewtp.core.compiled.patch.code_insertion import decode_key, find_missing_codes, insert_entries
from ewtp.core.compiled.patch.patch import find_changed_measures, patch_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.measure import Direction, Kind, Measure
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import read_compiled, write_compiled
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import RATES, VOCABULARY, Texts, rule
from tests.core.compiled.changing_law import MANY, SUBHEADINGS, answers, drawn_chain, law, same, small_lines
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.drawn_lines import Drawer, differences, expected, table_of
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.book import Book

CHAINS = 14
pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("wide", [False, True])
def test_made_up_law_that_changes_again_and_again(
    seeded: random.Random, monkeypatch: pytest.MonkeyPatch, *, wide: bool
):
    if wide:
        # What only law of many origins and codes needs is done for any.
        monkeypatch.setattr(rule_lists, "_FEW_ORIGINS", 1)
        monkeypatch.setattr(list_patcher, "_FEW_GROUPS", 0)
    for _ in range(CHAINS):
        chain = drawn_chain(seeded, 120, 4) if wide else drawn_chain(seeded, 16, 0)
        before = law(chain[0])
        compiled: CompiledBook | None = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
        for number, following in enumerate(chain[1:]):
            after = law(following, f"v{number + 2}")
            assert compiled is not None
            compiled = patch_book(compiled, after, find_changed_measures(before, after, {*before.rules, *after.rules}))
            assert compiled is not None
            assert compiled.names.version == after.version
            whole = compile_book(after, VOCABULARY.economies, SUBHEADINGS)
            scalar = Scalar(WholeBook(after), RATES, Texts(), VOCABULARY)
            lines = small_lines(seeded, 100)
            found, wanted = answers(compiled, scalar, lines), answers(whole, scalar, lines)
            same(found, wanted)
            # What only the claims and the exports of law that is gone explain may be left to the scalar path.
            if not any(m.direction is Direction.EXPORT for laws in chain for m in laws):
                for one, other, claim in zip(found, wanted, lines["claims"].to_pylist(), strict=True):
                    assert other["scalar"] or claim or not one["scalar"]
            before = after


@pytest.mark.seed
def test_the_whole_seed_changed_twice(seeded: random.Random, tmp_path: Path):
    book = whole_book()
    compiled: CompiledBook | None = compiled_seed()
    places: set[tuple[str, str]] = set()
    for turn in range(2):
        overlay = Overlay(_drawn(book, seeded, turn))
        after = overlay.over(book)
        assert compiled is not None
        compiled = patch_book(compiled, after, find_changed_measures(book, after, overlay.parts))
        places |= set(overlay.parts)
        book = after
    assert compiled is not None
    write_compiled(compiled, build_market_texts(book), tmp_path / "book")
    compiled = read_compiled(tmp_path / "book")
    assert compiled is not None
    scalar = Scalar(WholeBook(book), seed_rate_table(), hs_texts, vocabulary())
    drawer = Drawer(book, scalar, seeded)
    lines = [drawer.line() for _ in range(800)]
    ordered = sorted(places)
    for line in lines[::2]:
        # Half of the lines lie below a changed place.
        where, prefix = seeded.choice(ordered)
        line["to"] = seeded.choice(sorted(book.territories[where].members))
        line["hs"] = prefix if len(prefix) > 6 else (line["hs"] if not prefix else prefix.ljust(6, "0"))
    table = table_of(lines)
    found = TableAssessor(compiled, scalar).assess_table(table)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(table, scalar)) == []
    # The change itself leaves next to nothing more to the scalar path than the law before it did.
    unchanged = answers(compiled_seed(), Scalar(WholeBook(whole_book()), scalar.rates, hs_texts, vocabulary()), table)
    settled, before = found["scalar"].to_pylist().count(False), sum(not row["scalar"] for row in unchanged)
    assert settled >= before * 0.98


def _drawn(book: Book, chance: random.Random, turn: int) -> Changeset[Measure]:
    """A change that ends, amends and adds measures of every kind."""
    by_kind: dict[Kind, list[Measure]] = {}
    for _, rules in sorted(book.rules.items()):
        for each in rules:
            by_kind.setdefault(each.measure.kind, []).append(each.measure)
    drawn = [m for found in by_kind.values() for m in chance.sample(found, min(6, len(found)))]
    narrow = [m for m in drawn if m.product.prefix or chance.random() < 0.1]
    ended, amended, added = narrow[::3], narrow[1::3], narrow[2::3]
    return Changeset(
        "before",
        "after",
        added=tuple(
            replace(
                m,
                id=f"{m.id}-again-{turn}",
                programme=f"again {turn}",
                product=replace(m.product, prefix=m.product.prefix + ("37" if len(m.product.prefix) > 7 else "")),
            )
            for m in added
        ),
        ended=tuple(Ended(m, None) for m in ended),
        amended=tuple(Amended(m, replace(m, expression="3.7%" if m.expression else "", title="new")) for m in amended),
    )


def test_a_rule_that_goes_leaves_to_other_origins_and_codes_what_they_had():
    everywhere = [
        rule(Kind.ADDITIONAL_DUTY, "", f"{number}%", include=(origin,), id=f"all {origin}")
        for number, origin in enumerate(("BB", "DD", "EE"), 10)
    ]
    narrow = [rule(Kind.ADDITIONAL_DUTY, code, "3%", id=f"own {code}") for code in MANY]
    lines = small_lines(random.Random(1), 1)
    asked = [
        lines.to_pylist()[0]
        | {"from": origin, "origin": None, "to": "AA", "date": date(2026, 5, 1), "hs": code, "claims": None}
        for origin in ("BB", "DD", "EE", "FF")
        for code in MANY
    ]
    table = pa.Table.from_pylist(asked, schema=lines.schema)
    before = law((*everywhere, *narrow))
    compiled = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
    for gone in everywhere:
        after = law(tuple(m for m in (*everywhere, *narrow) if m is not gone), "v2")
        found = patch_book(compiled, after, [gone])
        assert found is not None
        # No pattern is made for each code: the codes' rules are alike.
        assert len(found.tables.pattern_fields) < len(compiled.tables.pattern_fields) + len(MANY) // 2
        scalar = Scalar(WholeBook(after), RATES, Texts(), VOCABULARY)
        rows = answers(found, scalar, table)
        same(rows, answers(compile_book(after, VOCABULARY.economies, SUBHEADINGS), scalar, table))
        for line, row in zip(asked, rows, strict=True):
            own = {f"own {line['hs']}", f"all {line['from']}"} & {m.id for m in (*everywhere, *narrow) if m is not gone}
            assert row["additional_measures"] == sorted(" ".join(sorted(own)).split())


def test_a_change_of_too_many_measures_is_compiled_in_full(monkeypatch: Any):
    before, after = law(()), law((rule(Kind.DUTY, "01", "1%"), rule(Kind.DUTY, "02", "1%")))
    compiled = compile_book(before, VOCABULARY.economies, SUBHEADINGS)
    both = find_changed_measures(before, after, after.rules)
    monkeypatch.setattr(patch, "_MOST_MEASURES", 1)
    assert patch_book(compiled, after, both) is None
    assert patch_book(compiled, after, both[:1]) is not None


def test_new_entries_are_those_of_a_schedule_made_of_all_codes(seeded: random.Random):
    for _ in range(20):
        more = sorted({"".join(seeded.choices("012", k=seeded.choice((2, 4, 5, 6, 7, 8, 10)))) for _ in range(9)})
        kept = tuple(rule(Kind.DUTY, code, "1%", id=code) for code in ("0101", "020120"))
        both = (*kept, *(rule(Kind.DUTY, code, "1%", id=code) for code in more))
        some_lines = compile_book(law(kept), VOCABULARY.economies, SUBHEADINGS)
        all_lines = compile_book(law(both), VOCABULARY.economies, SUBHEADINGS).tables
        arrays = some_lines.tables._asdict()
        schedule = some_lines.names.schedules.index("AA")
        first, last = arrays["schedule_entry"][schedule : schedule + 2]
        missing = find_missing_codes(arrays["entry_key"][first:last], more)
        insert_entries(arrays, schedule, missing)
        assert arrays["entry_key"].tolist() == all_lines.entry_key.tolist()
        assert arrays["entry_parent"].tolist() == all_lines.entry_parent.tolist()
        assert arrays["schedule_entry"].tolist() == all_lines.schedule_entry.tolist()
        runs = [_runs(each) for each in (arrays, all_lines._asdict())]
        assert runs[0] == runs[1]
        assert all(decode_key(entry_key(code)) == code for code in more)


def _runs(arrays: dict[str, Any]) -> list[list[tuple[int, int, int]]]:
    starts = arrays["run_start"]
    return [
        [
            (int(arrays["run_day"][n]), int(arrays["run_status"][n]), int(arrays["run_value"][n]))
            for n in range(starts[run], starts[run + 1])
        ]
        for run in arrays["entry_run"]
    ]
