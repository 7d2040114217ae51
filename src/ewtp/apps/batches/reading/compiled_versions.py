"""Tables of lines answered from the compiled form of the latest version, which is compiled once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.apps.assessment.reading.queries import hs_texts
from ewtp.apps.rulebook.reading import queries as rulebook
from ewtp.apps.rulebook.reading.book_cache import book_for_question
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known
from ewtp.apps.rulebook.reading.version_changes import measures_around, measures_between
from ewtp.apps.rulebook.reading.version_rates import VersionRates
from ewtp.core.assessment.consignment import build_context
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.market.texts import market_texts
from ewtp.core.compiled.patch.patch import affected_scope, patch_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import BookScalar
from ewtp.core.rulebook.book import build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import compiled_folder, read_compiled, write_compiled
from ewtp.gateways.compiled_store.market_texts import write_market_texts
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from ewtp.apps.rulebook.reading.queries import VersionInfo
    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.measure import Measure

# A version that changes more measures is compiled in full, so that lists which nobody uses any more do not pile up.
_MOST_KEPT = 2_000
# How far back an earlier compiled version is looked for.
_EARLIER_VERSIONS = 20


class StoredScalar:
    """The scalar path on the database's latest version, as long as that is the version named."""

    def __init__(self, version: VersionInfo) -> None:
        self.vocabulary = vocabulary()
        self.rates = VersionRates(version.published_at).latest
        self._version = version.label

    def frame(self, question: Question) -> ConsignmentContext:
        """What all lines of the question share."""
        return build_context(question, book_for_question(()), self.rates, hs_texts())

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer | Refusal]:
        """The answers, or ``rulebook_changed`` where a newer version was published meanwhile."""
        book = book_for_question(codes_asked(questions))
        if book.version != self._version:
            refused = Refusal("rulebook_changed", "A newer rulebook was published meanwhile; run the batch again.")
            return iter([refused] * len(questions))
        return BookScalar(book, self.rates, hs_texts(), self.vocabulary).answers(questions)


def codes_asked(questions: Iterable[Question]) -> set[tuple[str, str]]:
    """The codes that questions ask about, each with an economy whose law bears on them."""
    return {
        (economy, line.hs)
        for question in questions
        for line in question.lines
        for economy in (question.destination, question.origin)
    }


def table_assessor() -> TableAssessor | Refusal:
    """An assessor of tables for the latest version; compiles it and keeps the result where that was not done yet.

    A version that changes few measures of one that is compiled is made from that one.
    """
    version = rulebook.latest_version()
    if version is None:
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    folder = compiled_folder(home_path(), version.digest)
    book = read_compiled(folder)
    if book is None:
        book = _patched_from_earlier(version)
    if book is None:
        whole = whole_book(version.label, version.published_at)
        book = compile_book(whole, vocabulary().economies, subheadings())
        write_compiled(book, folder)
        write_market_texts(market_texts(whole), folder)
    return TableAssessor(book, StoredScalar(version))


def _patched_from_earlier(version: VersionInfo) -> CompiledBook | None:
    """The version patched from an earlier compiled one, and stored; None where it has to be compiled in full."""
    for earlier in rulebook.versions(limit=_EARLIER_VERSIONS, before=version.number):
        kept = compiled_folder(home_path(), earlier.digest)
        compiled = read_compiled(kept)
        if compiled is None:
            continue
        if not _same_world(compiled):
            return None
        measures = measures_between(earlier.published_at, version.published_at, _MOST_KEPT)
        if measures is None:
            return None
        law = _law_around(version, measures)
        book = None if law is None else patch_book(compiled, law, measures)
        if book is not None:
            write_compiled(book, compiled_folder(home_path(), version.digest), (compiled, kept))
        return book
    return None


def _same_world(compiled: CompiledBook) -> bool:
    """Whether the economies and the subheadings are still those that the book was compiled for."""
    economies = tuple(sorted(vocabulary().economies))
    codes = np.array(sorted(int(code) for code in subheadings()), np.int32)
    return compiled.names.economies == economies and np.array_equal(compiled.tables.subheadings, codes)


def _law_around(version: VersionInfo, measures: list[Measure]) -> Book | None:
    """The part of the version's law that patching a book for these measures needs; None where it cannot be patched."""
    moment = version.published_at
    sources = rulebook.sources_at(moment)
    frame = build_book(
        version.label,
        territories=rulebook.territories_at(moment, sources).values(),
        groups=rulebook.groups_at(moment, sources).values(),
        measures=(),
    )
    scope = affected_scope(frame, measures)
    if scope is None:
        return None
    prefixes = {measure.product.prefix for measure in measures}
    law = measures_around(*scope, prefixes=prefixes, moment=moment)
    return build_book(version.label, territories=frame.territories.values(), groups=frame.groups.values(), measures=law)


def whole_book(label: str, moment: datetime) -> Book:
    """Every measure and line of the version that was published at ``moment``, without what tables never ask for."""
    sources = rulebook.sources_at(moment)
    return build_book(
        label,
        territories=rulebook.territories_at(moment, sources).values(),
        groups=rulebook.groups_at(moment, sources).values(),
        measures=measures_known(MeasureFilter(known_at=moment)),
        lines=lines_known("", moment),
        coverage=rulebook.coverage_at(moment),
        schedule_starts=rulebook.schedule_starts_at(moment),
    )
