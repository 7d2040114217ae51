"""The book behind a question: exactly the law concerned, from memory when it can be, of any version."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ewtp.apps.rulebook.reading import book_cache, rulebook_reader
from ewtp.apps.rulebook.reading.book_cache import book_for_question, read_cached_book
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.measure import Kind, Origins, Product
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import Group, Membership, OriginRule, TariffLine
from ewtp.core.values.period import Period
from tests.actors import OPERATOR
from tests.shared_rows import shared_rows

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.book import Book

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
COFFEE, TEA = "09012100", "09022000"
GROUP = Group("ZM-FTA", "Free trade", (Membership("KE", Period(JANUARY)),), a_source(), origin_scheme="fta")


def fill(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.bring(
        a_duty("", "1%", JANUARY, kind=Kind.TAX),
        a_duty("09", "9%", JANUARY),
        a_duty("0901", "5%", JANUARY),
        a_duty("0902", "6%", JANUARY),
        a_duty("090121", "free", JANUARY, kind=Kind.PREFERENCE, origins=Origins(("ZM-FTA",))),
        a_duty("0901210010", "3%", JANUARY),
        a_duty("0901", "7%", JANUARY, territory="MW"),
        TariffLine("ZM", COFFEE, Period(JANUARY), ("kg",)),
        TariffLine("ZM", TEA, Period(JANUARY), ("kg",)),
        GROUP,
        OriginRule("fta", "0901000000", "0901999999", ("CTH",), "", a_source()),
        OriginRule("fta", "0902000000", "0902999999", ("CC",), "", a_source()),
        OriginRule("other", "0901000000", "0901999999", ("CC",), "", a_source()),
        CodeReplaced("HS2017", "090121", "HS2022", "090122"),
    )
    return desk


@shared_rows
def book_rows(folder: Path) -> Desk:
    return fill(folder)


@pytest.fixture
def filled(book_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(book_rows)


@shared_rows
def territory_rows(folder: Path) -> Desk:
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    filled = fill(folder)
    pack = folder / "seed" / "yy"
    pack.mkdir(parents=True)
    (pack / "source.yaml").write_text(
        "source: {id: yy, title: Y, publisher: Y, published: 2026-01-01, retrieved: 2026-01-01}\n",
    )
    (folder / "seed" / "territories.yaml").write_text(
        "territories:\n"
        "- {code: ZM, name: X, members: 'ZM', currency: USD}\n"
        "- {code: MW, name: Y, members: 'ZM MW', currency: EUR, practices: [{name: valuation, value: CIF,"
        " from: 2026-01-01, source: yy}]}\n",
    )
    filled.moment += timedelta(hours=1)
    seed_load(root=folder / "seed", actor=OPERATOR, now=filled.moment)
    return filled


@pytest.fixture
def with_territories(territory_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(territory_rows)


def rates(book: Book, territory: str, code: str) -> list[str]:
    return sorted(rule.measure.expression for rule in book.rules_for(territory, code))


@pytest.mark.usefixtures("with_territories")
def test_a_book_holds_what_covers_the_code_and_nothing_else() -> None:
    book = reader().read_book([("ZM", COFFEE)], origin_rules=True)
    assert book.origin_rules_by_scheme.keys() == {"fta"}
    assert not reader().read_book([("ZM", COFFEE)]).origin_rules_by_scheme
    assert rates(book, "ZM", COFFEE) == ["1%", "5%", "9%", "free"]
    # A line below the code asked about may have a rule of its own.
    assert rates(book, "ZM", "0901210010") == ["1%", "3%", "5%", "9%", "free"]
    assert {m.product.prefix for found in book.rules.values() for m in (r.measure for r in found)} == {
        "",
        "09",
        "0901",
        "090121",
        "0901210010",
    }
    assert [line.code for line in book.lines_below("ZM", "0901", JANUARY)] == [COFFEE]
    assert book.line_covering("ZM", "0901210010", JANUARY) == TariffLine("ZM", COFFEE, Period(JANUARY), ("kg",))
    assert [rule.classes for rule in book.origin_rules("fta", COFFEE, JANUARY)] == [("CTH",)]
    assert book.groups == {"ZM-FTA": GROUP}
    assert book.replacements("090121", "HS2022") == ("090122",)
    assert book.coverage["ZM"] == {Kind.DUTY, Kind.TAX, Kind.PREFERENCE}
    assert book.schedule_starts == {"ZM": JANUARY}


def test_a_question_reads_the_law_of_the_economy_and_of_its_union(with_territories: Desk) -> None:
    book = book_for_question([("ZM", COFFEE)])
    assert rates(book, "ZM", COFFEE) == ["1%", "5%", "9%", "free"]
    assert rates(book, "MW", COFFEE) == ["7%"]
    practice = book.territories["MW"].practice("valuation", JANUARY)
    assert practice is not None
    assert practice.value == "CIF"
    assert with_territories.files == 1


def test_the_cache_gives_what_the_database_gives(with_territories: Desk) -> None:
    direct = reader().read_book([("ZM", COFFEE), ("MW", COFFEE)], origin_rules=True)
    book_for_question([("ZM", TEA)])
    cached = book_for_question([("ZM", COFFEE)])
    for name in ("version", "territories", "groups", "lines", "origin_rules_by_scheme", "replaced", "coverage"):
        assert getattr(cached, name) == getattr(direct, name), name
    for territory in ("ZM", "MW"):
        assert cached.rules_for(territory, COFFEE) == direct.rules_for(territory, COFFEE)
    assert with_territories.files == 1


@pytest.mark.usefixtures("with_territories")
def test_a_repeated_question_costs_no_query() -> None:
    first = book_for_question([("ZM", COFFEE)])
    with CaptureQueriesContext(connection) as queries:
        assert book_for_question([("ZM", COFFEE)]) is first
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        book_for_question([("ZM", TEA)])
    assert 0 < len(queries) <= 6


def test_a_new_version_is_seen_and_the_old_one_can_be_replayed(with_territories: Desk) -> None:
    desk = with_territories
    then = desk.moment
    assert rates(book_for_question([("ZM", COFFEE)]), "ZM", COFFEE) == ["1%", "5%", "9%", "free"]
    desk.bring(a_duty("0901", "4%", MARCH), effective=MARCH)
    read_cached_book().forget()
    now = book_for_question([("ZM", COFFEE)])
    assert "4%" in rates(now, "ZM", COFFEE)
    replayed = book_for_question([("ZM", COFFEE)], then)
    assert rates(replayed, "ZM", COFFEE) == ["1%", "5%", "9%", "free"]
    assert replayed.version != now.version
    assert book_for_question([("ZM", COFFEE)], then - timedelta(days=999)).version == ""


@pytest.mark.usefixtures("desk")
def test_an_empty_rulebook_gives_an_empty_book() -> None:
    assert book_for_question([("ZM", COFFEE)]).version == ""


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_book(tmp_path: Any) -> None:
    desk = Desk(tmp_path)
    desk.bring(replace(a_duty("0901", "5%", JANUARY), product=Product("HS2022", "0901")))
    read_cached_book().forget()
    books: list[Book] = []

    def ask() -> None:
        books.append(book_for_question([("ZM", COFFEE)]))
        connection.close()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(books) == 8
    assert all(book is books[0] for book in books)
    read_cached_book().forget()


def reader() -> RulebookReader:
    version = latest_version()
    assert version is not None
    return RulebookReader(version.ref)


@pytest.mark.parametrize("kept", [1, 10_000])
def test_a_book_of_many_codes_gives_each_the_law_that_the_whole_gives(
    with_territories: Desk, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(rulebook_reader, "_PLACES_KEPT", kept)
    monkeypatch.setattr(rulebook_reader, "_REMEMBERED", kept)
    asked = [("ZM", COFFEE), ("ZM", "0902"), ("MW", TEA), ("MW", "09012")]
    law = reader()
    with_territories.bring(a_duty("0901", "4%", MARCH), effective=MARCH)
    whole = law.whole()
    for _ in range(2):
        book = law.read_book(asked)
        assert (book.version, book.coverage, book.schedule_starts) == (
            whole.version,
            whole.coverage,
            whole.schedule_starts,
        )
        assert book.replacements("090121", "HS2022") == ("090122",)
        for economy, code in asked:
            territories = book.territories_of(economy)
            assert [t.code for t in territories] == [t.code for t in whole.territories_of(economy)]
            for territory in territories:
                # Also what is below the code, which a code that is not a line is answered with.
                for each in (code, COFFEE, TEA, "0901210010"):
                    if each.startswith(code):
                        assert rates(book, territory.code, each) == rates(whole, territory.code, each)
                        lines = [found.lines_below(territory.code, each, JANUARY) for found in (book, whole)]
                        assert lines[0] == lines[1]
        assert rates(book, "ZM", COFFEE) == ["1%", "5%", "9%", "free"]


@pytest.mark.usefixtures("with_territories")
def test_many_products_take_as_many_queries_as_one() -> None:
    counts = []
    for asked in ([("ZM", COFFEE)], [("ZM", COFFEE), ("ZM", TEA), ("MW", COFFEE), ("MW", "09012100")]):
        law = reader()
        assert law.frame.territories
        with CaptureQueriesContext(connection) as queries:
            law.read_book(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] > 0


@pytest.mark.usefixtures("with_territories")
def test_a_kind_that_is_left_elsewhere_has_one_measure_to_show_it() -> None:
    wanted = [("ZM", Kind.DUTY), ("ZM", Kind.PREFERENCE), ("MW", Kind.TAX)]
    places = [("ZM", "090121"), ("ZM", "09")]
    law = reader()
    found = law.measures_elsewhere(wanted, places)
    assert [(m.territory, m.kind) for m in found] == [("ZM", Kind.DUTY)]
    assert found[0].product.prefix not in {"090121", "09"}
    assert sorted(m.expression for m in law.measures_at(places)) == ["9%", "free"]


@pytest.mark.usefixtures("with_territories")
def test_a_tariff_is_the_part_of_the_whole_that_one_territory_states() -> None:
    tariff = reader().tariff("MW")
    assert list(tariff.rules) == [("MW", "0901")]
    assert not tariff.lines
    assert tariff.territories == reader().whole().territories


@pytest.mark.usefixtures("with_territories")
def test_what_books_remember_of_economies_and_days_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rulebook_reader, "_REMEMBERED", 10)
    law = reader()
    first, second = law.read_book([("ZM", COFFEE)]), law.read_book([("ZM", TEA)])
    for number in range(100):
        day = JANUARY + timedelta(days=number)
        assert first.groups_of("KE", day) == second.groups_of("KE", day) == {"KE", "ZM-FTA"}
    assert len(first._groups_of) <= 10


def test_books_take_no_more_memory_than_they_may(filled, monkeypatch):  # noqa: ARG001 - the rulebook
    one = book_cache.BookCache()
    known = one.law((("ZM", COFFEE),), None).book
    size = one.held_bytes
    assert size == book_cache.book_bytes(known) > 0
    monkeypatch.setattr(book_cache, "_BOOK_BYTES_KEPT", 3 * size)
    bounded = book_cache.BookCache()
    for number in range(20):
        asked = (("ZM", f"0901{number:02}00"), ("ZM", COFFEE))
        book = bounded.law(asked, None).book
        assert book.rules_for("ZM", COFFEE) == known.rules_for("ZM", COFFEE)
        assert bounded.held_bytes <= 3 * size
    assert bounded.held_bytes > 0


def test_a_book_holds_the_law_on_the_code_that_stands_for_one_of_another_edition(with_territories: Desk) -> None:
    with_territories.bring(a_duty("090122", "2%", JANUARY, id="ZM-renamed", source=a_source("zm-new")))
    book = reader().read_book([("ZM", "0901210010")])
    assert rates(book, "ZM", "090122") == ["1%", "2%", "5%", "9%"]
    # Nothing stands for a code of the schedule's own edition.
    assert rates(reader().read_book([("ZM", "0902")]), "ZM", "090122") == ["1%", "9%"]
