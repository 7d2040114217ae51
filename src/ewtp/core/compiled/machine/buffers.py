"""Arrays for a table's work and answers, in memory that the process has used before.

Touching memory for the first time can cost more than the work done in it, and numpy returns freed memory to the system
at once. Arrow's pool keeps it for the next table.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Element = TypeVar("_Element", bound=np.generic)


def empty(shape: int | tuple[int, ...], kind: type[_Element]) -> NDArray[_Element]:
    """An array of a shape whose elements are not set yet."""
    size = shape if isinstance(shape, int) else prod(shape)
    buffer = pa.allocate_buffer(size * np.dtype(kind).itemsize)
    return np.frombuffer(buffer, kind, size).reshape(shape)


def full(shape: int | tuple[int, ...], kind: type[_Element], value: int = 0) -> NDArray[_Element]:
    """An array of a shape that holds one value everywhere."""
    found = empty(shape, kind)
    found.fill(value)
    return found


def read_only(array: NDArray[_Element]) -> NDArray[_Element]:
    """A read-only view of an array; a plain array for a memory-mapped file too."""
    found = np.asarray(array).view()
    found.flags.writeable = False
    return found
