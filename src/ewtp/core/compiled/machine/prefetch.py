"""Prefetching: the CPU begins to fetch the data of a later step, so that the step need not wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

# For reading, into every level of cache, as data.
_READ, _KEEP, _DATA = 0, 3, 1


def _prefetch(_typing: Any, array: Any, index: Any) -> tuple[Any, Callable[..., Any]]:
    """Begin to fetch an element of an array of one dimension; an index out of bounds does no harm."""
    assert isinstance(index, types.Integer)  # noqa: S101 - a mistake of ours, met while compiling

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        data = context.make_array(kind)(context, builder, arguments[0]).data
        element = builder.gep(data, [arguments[1]])
        address = builder.bitcast(element, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        call = builder.module.declare_intrinsic("llvm.prefetch", [address.type], form)
        builder.call(call, [address, number(_READ), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


prefetch: Any = intrinsic(_prefetch)
