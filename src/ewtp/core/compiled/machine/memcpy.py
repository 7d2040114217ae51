"""Copying bytes with the CPU's fastest instructions; a loop over single bytes takes several times as long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable


def _memcpy(
    _typing: Any, target: Any, offset: Any, source: Any, start: Any, length: Any
) -> tuple[Any, Callable[..., Any]]:
    """Copy ``length`` bytes from ``start`` in ``source`` to ``offset`` in ``target``; all must be within bounds."""
    assert all(isinstance(kind, types.Integer) for kind in (offset, start, length))  # noqa: S101 - a mistake of ours, met while compiling

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        addresses = []
        for place in (0, 2):
            data = context.make_array(signature.args[place])(context, builder, arguments[place]).data
            addresses.append(builder.bitcast(builder.gep(data, [arguments[place + 1]]), ir.IntType(8).as_pointer()))
        size, volatile = ir.IntType(64), ir.IntType(1)
        form = ir.FunctionType(ir.VoidType(), [addresses[0].type, addresses[1].type, size, volatile])
        call = builder.module.declare_intrinsic("llvm.memcpy", [addresses[0].type, addresses[1].type, size], form)
        builder.call(call, [*addresses, arguments[4], volatile(0)])
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp, types.intp), generate


memcpy: Any = intrinsic(_memcpy)
