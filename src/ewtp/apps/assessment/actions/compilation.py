"""Make the compiled form of a version of the rulebook, from which tables and market questions are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import versions_before
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.market.texts import market_texts
from ewtp.core.compiled.patch.patch import affected_scope, patch_book
from ewtp.gateways.compiled_store.books import compiled_folder, read_compiled, write_compiled
from ewtp.gateways.compiled_store.market_texts import write_market_texts
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.format.tables import CompiledBook

# A version that changes more measures is compiled in full, so that lists which nobody uses any more do not pile up.
_MOST_PATCHED = 2_000
# How far back an earlier compiled version is looked for.
_EARLIER_VERSIONS = 20


def version_compile(*, version: VersionRef) -> CompiledBook:
    """The compiled form of a version; made and stored below the installation's home where there is none yet.

    A version that changes few measures of one that is compiled is patched from that one.
    """
    folder = compiled_folder(home_path(), version.digest)
    book = read_compiled(folder)
    if book is None:
        reader = RulebookReader(version)
        book = _patch_earlier(reader)
        if book is None:
            whole = reader.whole()
            book = compile_book(whole, vocabulary().economies, subheadings())
            write_compiled(book, folder)
            write_market_texts(market_texts(whole), folder)
    return book


def _patch_earlier(reader: RulebookReader) -> CompiledBook | None:
    """Patch the version from an earlier compiled one and store it; None where it has to be compiled in full."""
    for earlier in versions_before(reader.version, limit=_EARLIER_VERSIONS):
        stored = compiled_folder(home_path(), earlier.digest)
        compiled = read_compiled(stored)
        if compiled is None:
            continue
        if not _same_world(compiled):
            return None
        measures = reader.changes_since(earlier, _MOST_PATCHED)
        if measures is None:
            return None
        scope = affected_scope(reader.frame, measures)
        if scope is None:
            return None
        law = reader.around(measures, territories=scope.territories, kinds=scope.kinds)
        book = patch_book(compiled, law, measures)
        if book is not None:
            write_compiled(book, compiled_folder(home_path(), reader.version.digest), (compiled, stored))
        return book
    return None


def _same_world(compiled: CompiledBook) -> bool:
    """Whether the economies and the subheadings are still those that the book was compiled for."""
    economies = tuple(sorted(vocabulary().economies))
    codes = np.array(sorted(int(code) for code in subheadings()), np.int32)
    return compiled.names.economies == economies and np.array_equal(compiled.tables.subheadings, codes)
