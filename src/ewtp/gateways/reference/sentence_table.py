"""Every sentence that the program can say, found in its own packages rather than listed.

A list of modules would leave out the next one, and what is left out is said in English to every reader.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.core.values.sentence import sentence_table, sentences_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.values.sentence import Sentence

# The components of pages, among which is the one that shows a sentence.
_NO_TABLES = "components"


@cache
def read_known_sentences() -> Mapping[tuple[str, str], Sentence]:
    """The sentences of every module named ``…sentences``, by code and form; ValueError where two share both."""
    root, program = Path(__file__).parents[2], __name__.partition(".")[0]
    places = (path.relative_to(root).with_suffix("").parts for path in sorted(root.rglob("*sentences.py")))
    modules = (import_module(".".join((program, *parts))) for parts in places if _NO_TABLES not in parts)
    return sentence_table(sentence for module in modules for sentence in sentences_in(module))


def all_sentences() -> tuple[Sentence, ...]:
    """The sentences of every package, in order of code and form, for the documentation and the translations."""
    table = read_known_sentences()
    return tuple(table[key] for key in sorted(table))
