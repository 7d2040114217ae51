"""The lists of a compiled book in words: the ids of the measures that reach each code of each destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.compiled.format.facets import Facet
from ewtp.core.compiled.patch.code_insertion import decode_key

if TYPE_CHECKING:
    from ewtp.core.compiled.format.tables import CompiledBook, Tables

# Destination, code, facet, and the claim that brings lower duties in.
Place = tuple[str, str, Facet, str]


def decode_lists(compiled: CompiledBook) -> dict[Place, list[str]]:
    """The ids of every list that is not empty, in the order in which the compiled book has them."""
    names, tables = compiled.names, compiled.tables
    found: dict[Place, list[str]] = {}
    for place, economy in enumerate(names.economies):
        schedule = tables.destination_schedule[place]
        first, last = tables.schedule_entry[schedule : schedule + 2].tolist()
        codes = [decode_key(key) for key in tables.entry_key[first:last].tolist()]
        for facet in Facet:
            where = int(tables.facet_lists[place, facet])
            for entry, code in enumerate(codes):
                number = -1 - where if where < 0 else int(tables.entry_list[where + entry])
                if facet is not Facet.LOWER:
                    found[economy, code, facet, ""] = _ids(tables, number)
                    continue
                begin, end = tables.directory_start[number : number + 2].tolist()
                for claim, own in zip(tables.directory_claim[begin:end], tables.directory_list[begin:end], strict=True):
                    found[economy, code, facet, names.claims[claim]] = _ids(tables, own)
    return {where: ids for where, ids in found.items() if ids}


def _ids(tables: Tables, number: int) -> list[str]:
    begin, end = tables.list_rules_start[number : number + 2]
    return [
        tables.measure_text[slice(*tables.measure_start[n : n + 2])].tobytes().decode()
        for n in tables.list_rules[begin:end]
    ]
