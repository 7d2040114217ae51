"""The root of a file of lines: one hash that depends on every row and its order, and on no writer of files.

Rows are taken in blocks, each written as text by column in the order of their names; the blocks are the leaves of a
hash tree as the log has one (RFC 9162).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pc

from ewtp.core.log.hash_tree import GrowingTree, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

# Rows of a block.
BLOCK = 65_536


def lines_root(pieces: Iterable[pa.Table]) -> str:
    """The root of the rows of all pieces in their order, in hexadecimal digits; each piece but the last has ``BLOCK``.

    Rows that were written with other types, such as another number of decimals, have another root.
    """
    tree = GrowingTree()
    tree.extend(_leaf(piece) for piece in pieces)
    return tree.root.hex()


def _leaf(piece: pa.Table) -> bytes:
    names = sorted(piece.column_names)
    columns = [_plain(piece[name]) for name in names]
    written = pa.BufferOutputStream()
    options = pc.WriteOptions(include_header=True, quoting_style="all_valid")
    pc.write_csv(pa.table(columns, names=names), written, options)
    return leaf_hash(written.getvalue().to_pybytes())


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts without its dictionary, which is the writer's choice."""
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column
