"""Arrays that a table is worked out in and answered in, in memory that the process has used before.

Memory that a process uses for the first time costs more than what is then done with it, and what numpy lets go of goes
back to the system at once. Arrow's pool keeps it for the next table.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


def room(shape: int | tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
    """An array of a shape that holds anything yet."""
    size = shape if isinstance(shape, int) else prod(shape)
    buffer = pa.allocate_buffer(size * np.dtype(kind).itemsize)
    return np.frombuffer(buffer, kind, size).reshape(shape)


def filled(shape: int | tuple[int, ...], kind: type[np.generic], value: int = 0) -> NDArray[Any]:
    """An array of a shape that holds one value everywhere."""
    found = room(shape, kind)
    found.fill(value)
    return found
