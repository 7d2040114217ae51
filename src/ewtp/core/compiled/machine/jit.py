"""Numba's decorator as the kernel uses it, with one folder for all machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba

from ewtp.core.compiled.machine.code_cache import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable

CODE_FOLDER = cache_folder()
_settings: Any = numba.config


def jit(**options: Any) -> Callable[[Any], Any]:
    """Compile a function to machine code when it is first called, without the interpreter's lock."""
    decorator: Callable[[Any], Any] = numba.njit(cache=CODE_FOLDER is not None, nogil=True, **options)

    def decorate(function: Any) -> Any:
        # Numba chooses the folder of a function's code when the function is decorated.
        before = _settings.CACHE_DIR
        _settings.CACHE_DIR = str(CODE_FOLDER or "")
        try:
            return decorator(function)
        finally:
            _settings.CACHE_DIR = before

    return decorate


def jit_no_refcount() -> Callable[[Any], Any]:
    """The same for a function that makes no arrays, and so need not count references to them."""
    return jit(_nrt=False, error_model="numpy")


def jit_inline() -> Callable[[Any], Any]:
    """The same for a step of such a function, which replaces each call of it; Python itself cannot call it.

    Numba compiles the step again for every function that calls it, so there are few levels of calls. A literal as an
    argument is compiled for itself as well.
    """
    return jit(_nrt=False, error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
