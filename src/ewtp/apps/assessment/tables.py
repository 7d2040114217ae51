"""Tables of lines answered from the compiled form of the latest version, which is compiled once and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.assessment.queries import hs_texts, rate_table
from ewtp.apps.rulebook import queries as rulebook
from ewtp.apps.rulebook.books import book_for_question
from ewtp.apps.rulebook.listing import MeasureFilter, lines_known, measures_known
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.frame import build_frame
from ewtp.core.compiled.assessing import TableAssessor
from ewtp.core.compiled.compiling import compile_book
from ewtp.core.rulebook.book import build_book
from ewtp.core.values.refusals import Refusal
from ewtp.gateways.compiled_books import compiled_folder, read_compiled, write_compiled
from ewtp.gateways.home import home_path
from ewtp.gateways.hs_texts import subheadings
from ewtp.gateways.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.frame import Frame
    from ewtp.core.assessment.question import Question
    from ewtp.core.rulebook.book import Book


class StoredScalar:
    """The scalar path on the database's latest version, as long as that is the version named."""

    def __init__(self, version: str) -> None:
        self.vocabulary = vocabulary()
        self.rates = rate_table()
        self._version = version

    def frame(self, question: Question) -> Frame:
        """What all lines of the question share."""
        return build_frame(question, self._book(()), self.rates, hs_texts())

    def answer(self, question: Question) -> Answer | Refusal:
        """The answer, or ``rulebook_changed`` where a newer version was published meanwhile."""
        book = self._book(
            (economy, line.hs) for line in question.lines for economy in (question.destination, question.origin)
        )
        if book.version != self._version:
            return Refusal("rulebook_changed", "A newer rulebook was published meanwhile; run the batch again.")
        return assess(question, book, self.rates, hs_texts())

    def _book(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The law on codes in economies; none of them, where the territories alone are asked about."""
        return book_for_question(asked)


def table_assessor() -> TableAssessor | Refusal:
    """An assessor of tables for the latest version; compiles it and keeps the result where that was not done yet."""
    version = rulebook.latest_version()
    if version is None:
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    folder = compiled_folder(home_path(), version.digest)
    book = read_compiled(folder)
    if book is None:
        whole = whole_book(version.label, version.published_at)
        book = compile_book(whole, vocabulary().economies, subheadings())
        write_compiled(book, folder)
    return TableAssessor(book, StoredScalar(version.label))


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
