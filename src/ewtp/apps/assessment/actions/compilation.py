"""Make the compiled form of a version of the rulebook, from which tables and market questions are answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import versions, versions_before
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.kernel.warm_up import warm_kernel
from ewtp.core.compiled.market.texts import append_market_texts, build_market_texts
from ewtp.core.compiled.patch.group_reach import find_regrouped_measures
from ewtp.core.compiled.patch.patch import find_affected_scope, patch_book
from ewtp.gateways.compiled_store.books import find_compiled_folder, read_compiled, write_compiled
from ewtp.gateways.compiled_store.compile_lock import compile_lock
from ewtp.gateways.compiled_store.folder_cleanup import remove_unused_code, remove_unused_compiled
from ewtp.gateways.compiled_store.machine_code import machine_code_is_kept
from ewtp.gateways.compiled_store.market_texts import read_market_texts
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.measure import Measure

# A version that changes more measures is compiled in full, so that unused lists do not accumulate.
_MOST_PATCHED = 2_000
# Rules that depend on a group with other members are decided again and remain the same rules. For 2,049 of them that
# takes a seventh of a full compilation, for 7,246 half of one.
_MOST_REGROUPED = 5_000
# How far back an earlier compiled version is looked for.
_EARLIER_VERSIONS = 20
# How many of the latest versions keep their compiled forms, and how long after their last use others do.
_VERSIONS_NEEDED = 3
_USE_ENDS, _CODE_ENDS = timedelta(days=1), timedelta(days=30)


def version_compile(*, version: VersionRef, now: datetime, machine_code: bool = False) -> CompiledBook:
    """The compiled form of a version; made and stored below the installation's home where there is none yet.

    A version that changes few measures of a compiled one, or groups that few name, is patched from that one.
    With ``machine_code`` the kernel is compiled as well. One process of an installation does this at a time; the others
    wait, and find the result. Compiled forms and machine code that are unused at ``now`` are removed.
    """
    folder = find_compiled_folder(home_path(), version.digest)
    found = read_compiled(folder)
    if found is not None and (not machine_code or machine_code_is_kept()):
        return found
    with compile_lock(home_path(), version.digest):
        found = read_compiled(folder)
        if found is None:
            reader = RulebookReader(version)
            if not _patch_earlier(reader):
                whole = reader.whole()
                book = compile_book(whole, vocabulary().economies, subheadings())
                write_compiled(book, build_market_texts(whole), folder)
            found = read_compiled(folder)
            assert found is not None, folder  # noqa: S101 - it was stored a moment ago
        if machine_code:
            warm_kernel()
        needed = {version.digest, *(latest.digest for latest in versions(limit=_VERSIONS_NEEDED))}
        remove_unused_compiled(home_path(), needed, now - _USE_ENDS)
        remove_unused_code(now - _CODE_ENDS)
    return found


def _patch_earlier(reader: RulebookReader) -> bool:
    """Patch the version from an earlier compiled one and store it; False where it has to be compiled in full."""
    for earlier in versions_before(reader.version, limit=_EARLIER_VERSIONS):
        stored = find_compiled_folder(home_path(), earlier.digest)
        compiled, texts = read_compiled(stored), read_market_texts(stored)
        if compiled is None or texts is None:
            continue
        groups = reader.find_regroupings_since(earlier) if _same_world(compiled) else None
        measures = None if groups is None else _list_changes_since(reader, earlier, groups)
        scope = None if measures is None else find_affected_scope(reader.frame, measures)
        if measures is None or scope is None:
            return False
        law = reader.around(measures, territories=scope.territories, kinds=scope.kinds)
        book = patch_book(compiled, law, measures, regrouped=bool(groups))
        appended = None if book is None else append_market_texts(texts, book.tables, law)
        if book is None or appended is None:
            return False
        write_compiled(book, appended, find_compiled_folder(home_path(), reader.version.digest), (compiled, stored))
        return True
    return False


def _list_changes_since(reader: RulebookReader, earlier: VersionRef, groups: frozenset[str]) -> list[Measure] | None:
    """The measures that changed, and those that depend on the groups; None where they are many."""
    measures = reader.changes_since(earlier, _MOST_PATCHED)
    if measures is None or not groups:
        return measures
    changed = set(measures)
    staying = [measure for measure in reader.measures_naming(groups) if measure not in changed]
    if len(staying) > _MOST_REGROUPED:
        return None
    return [*measures, *find_regrouped_measures(staying, groups)]


def _same_world(compiled: CompiledBook) -> bool:
    """Whether the economies and the subheadings are still those that the book was compiled for."""
    economies = tuple(sorted(vocabulary().economies))
    codes = np.array(sorted(int(code) for code in subheadings()), np.int32)
    return compiled.names.economies == economies and np.array_equal(compiled.tables.subheadings, codes)
