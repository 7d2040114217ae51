"""The book that every process keeps: read piece by piece as questions come, shared by all its threads.

What a version says never changes, so a piece once read stays true. A newer version is looked for at most once a
second; the old version's pieces then make room.
"""

from __future__ import annotations

import time
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ewtp.apps.rulebook.reading import queries
from ewtp.apps.rulebook.reading.version_rates import VersionRates
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.rulebook.book import Book, build_book, rules_of
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from ewtp.core.rulebook.book import Rule
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Kind, Measure
    from ewtp.core.rulebook.records import CodeReplaced
    from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine, Territory

Question = tuple[tuple[str, str], ...]
_LOOK_SECONDS = 1.0
_BOOKS_KEPT = 4_096
# A question about a product in every economy makes a book of a quarter of a megabyte, so fewer of those are kept.
_WIDE_QUESTION = 50
_WIDE_BOOKS_KEPT = 256
_PREFIXES_KEPT = 40_000
_VERSIONS_KEPT = 4
_K = TypeVar("_K")
_V = TypeVar("_V")


class _Kept(Generic[_K, _V]):
    """A mapping that forgets what was not used for longest; its owner holds the lock when writing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[_K, _V] = OrderedDict()

    def get(self, key: _K) -> _V | None:
        return self._values.get(key)

    def keep(self, key: _K, value: _V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)


@dataclass(slots=True)
class _Knowledge:
    """One version: what is read once, and the pieces read so far."""

    label: str
    moment: datetime
    sources: dict[str, Source]
    territories: dict[str, Territory]
    groups: dict[str, Group]
    coverage: dict[str, frozenset[Kind]]
    schedule_starts: dict[str, date]
    rates: VersionRates
    books: _Kept[Question, Book] = field(default_factory=lambda: _Kept(_BOOKS_KEPT))
    wide_books: _Kept[Question, Book] = field(default_factory=lambda: _Kept(_WIDE_BOOKS_KEPT))
    rules: _Kept[tuple[str, str], tuple[Rule, ...]] = field(default_factory=lambda: _Kept(_PREFIXES_KEPT))
    # Which groups hold an economy, and which territories apply to it, are the same in every book of the version.
    groups_of: dict[tuple[str, date], frozenset[str]] = field(default_factory=dict)
    territories_of: dict[str, tuple[Territory, ...]] = field(default_factory=dict)
    derived: dict[Any, Any] = field(default_factory=dict)

    def book(self, question: Question) -> Book:
        """Read what the question needs and is not here yet, and bind it into a book."""
        frame = self._bind({}, (), (), ())
        asked: dict[str, set[str]] = defaultdict(set)
        for economy, code in question:
            for territory in frame.territories_of(economy):
                asked[territory.code].add(code)
        codes = sorted({code for _, code in question})
        rules: dict[tuple[str, str], tuple[Rule, ...]] = {}
        lines: list[TariffLine] = []
        for territory_code, those in sorted(asked.items()):
            rules |= self._rules(territory_code, sorted(those))
            if territory_code in self.schedule_starts:
                # A code that is no line is answered with the lines under its subheading.
                around = {code[:SUBHEADING_DIGITS] for code in those} | those
                lines += queries.lines_around(territory_code, sorted(around), self.moment)
        measures = [rule.measure for found in rules.values() for rule in found]
        schemes = queries.schemes_of(measures, self.groups)
        return self._bind(
            rules,
            lines,
            queries.origin_rules_covering(schemes, codes, self.moment, self.sources),
            queries.codes_replaced(codes, self.moment),
        )

    def _rules(self, territory: str, codes: list[str]) -> dict[tuple[str, str], tuple[Rule, ...]]:
        held: dict[tuple[str, str], tuple[Rule, ...]] = {}
        missing = []
        for prefix in queries.prefixes_of(codes):
            kept = self.rules.get((territory, prefix))
            if kept is None:
                missing.append(prefix)
            elif kept:
                held[(territory, prefix)] = kept
        read: dict[str, list[Measure]] = {prefix: [] for prefix in missing}
        for measure in queries.measures_covering(territory, codes, self.moment, self.sources, missing):
            read.setdefault(measure.product.prefix, []).append(measure)
        for prefix, measures in read.items():
            found = rules_of(measures)
            self.rules.keep((territory, prefix), found)
            if found:
                held[(territory, prefix)] = found
        return held

    def _bind(
        self,
        rules: dict[tuple[str, str], tuple[Rule, ...]],
        lines: Iterable[TariffLine],
        origin_rules: Iterable[OriginRule],
        replaced: Iterable[CodeReplaced],
    ) -> Book:
        book = build_book(
            self.label,
            territories=(),
            groups=(),
            measures=(),
            lines=lines,
            origin_rules=origin_rules,
            replaced=replaced,
            coverage=self.coverage,
            schedule_starts=self.schedule_starts,
        )
        return Book(
            self.label,
            self.territories,
            self.groups,
            rules,
            book.lines,
            book.origin_rules_by_scheme,
            book.replaced,
            self.coverage,
            self.schedule_starts,
            derived=self.derived,
            _groups_of=self.groups_of,
            _territories_of=self.territories_of,
        )


@dataclass(frozen=True, slots=True)
class Law:
    """What an answer is made from: a book, and the exchange rates of the same version."""

    book: Book
    rates: RateTable


_NO_LAW = Law(build_book("", territories=(), groups=(), measures=()), RateTable({}))


class BookCache:
    """The versions that this process has read from; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._versions: _Kept[str, _Knowledge] = _Kept(_VERSIONS_KEPT)
        self._moments: _Kept[datetime, str] = _Kept(_BOOKS_KEPT)
        self._current: _Knowledge | None = None
        self._looked = float("-inf")

    def law(self, question: Question, known_at: datetime | None) -> Law:
        """The book and the rates for a question, as known at a moment (None: now)."""
        knowledge = self._now() if known_at is None else self._then(known_at)
        if knowledge is None:
            return _NO_LAW
        return Law(self._book(knowledge, question), knowledge.rates.known_at(known_at))

    def _book(self, knowledge: _Knowledge, question: Question) -> Book:
        books = knowledge.wide_books if len(question) > _WIDE_QUESTION else knowledge.books
        book = books.get(question)
        if book is None:
            with self._lock:
                book = books.get(question)
                if book is None:
                    book = knowledge.book(question)
                    books.keep(question, book)
        return book

    def version(self) -> str:
        """The label of the latest version, empty while nothing is loaded."""
        knowledge = self._now()
        return knowledge.label if knowledge else ""

    def forget(self) -> None:
        """Read everything again, beginning with which version is the latest."""
        with self._lock:
            self._versions, self._moments = _Kept(_VERSIONS_KEPT), _Kept(_BOOKS_KEPT)
            self._current, self._looked = None, float("-inf")

    def _now(self) -> _Knowledge | None:
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return self._current
        with self._lock:
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                latest = queries.latest_version()
                self._current = self._known(latest) if latest else None
                self._looked = time.monotonic()
            return self._current

    def _then(self, known_at: datetime) -> _Knowledge | None:
        digest = self._moments.get(known_at)
        knowledge = self._versions.get(digest) if digest is not None else None
        if knowledge is not None:
            return knowledge
        with self._lock:
            version = queries.version_at(known_at)
            if version is None:
                return None
            # A moment yet to come may still see another version, so its answer is not kept.
            latest = queries.latest_version()
            if latest is not None and latest.number > version.number:
                self._moments.keep(known_at, version.digest)
            return self._known(version)

    def _known(self, version: queries.VersionInfo) -> _Knowledge:
        knowledge = self._versions.get(version.digest)
        if knowledge is None:
            moment = version.published_at
            sources = queries.sources_at(moment)
            knowledge = _Knowledge(
                version.label,
                moment,
                sources,
                queries.territories_at(moment, sources),
                queries.groups_at(moment, sources),
                queries.coverage_at(moment),
                queries.schedule_starts_at(moment),
                VersionRates(moment),
            )
            self._versions.keep(version.digest, knowledge)
        return knowledge


_CACHE = BookCache()


def cached_book() -> BookCache:
    """The one cache of this process."""
    return _CACHE


def law_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Law:
    """The law for questions about (economy, code) pairs: that of each economy and of its union for the code.

    Of the latest version, or of the one that was the latest at ``known_at``; it is shared and must not be changed. An
    economy that no territory covers adds nothing. Empty (version ``""``) while nothing is loaded.
    """
    return _CACHE.law(tuple(sorted(set(economies_and_codes))), known_at)


def book_for_question(economies_and_codes: Iterable[tuple[str, str]], known_at: datetime | None = None) -> Book:
    """The book of ``law_for_question``."""
    return law_for_question(economies_and_codes, known_at).book
