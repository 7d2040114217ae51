"""The compiled book of the whole seed, made once in a process; a test that asks for it is marked ``seed``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.seed_book import whole_book

if TYPE_CHECKING:
    from ewtp.core.compiled.format.tables import CompiledBook


@cache
def compiled_seed() -> CompiledBook:
    """The book as a version without an earlier one is compiled; nobody changes its arrays."""
    return compile_book(whole_book(), vocabulary().economies, subheadings())
