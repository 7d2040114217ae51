"""Every sentence that the program can say, for the documentation, the translations and their tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment import sentences as assessment
from ewtp.core.markets import sentences as markets
from ewtp.core.rulebook.expressions import sentences as expressions
from ewtp.core.values import sentences as values
from ewtp.core.values.sentence import sentence_table, sentences_in
from ewtp.gateways.installation import sentences as installation

if TYPE_CHECKING:
    from ewtp.core.values.sentence import Sentence

_MODULES = (values, expressions, assessment, markets, installation)


def all_sentences() -> tuple[Sentence, ...]:
    """The sentences of every package, in order of code and form; ValueError where two share both."""
    table = sentence_table(sentence for module in _MODULES for sentence in sentences_in(module))
    return tuple(table[key] for key in sorted(table))
