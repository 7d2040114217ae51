"""What it takes to sell a product in another economy: cost, papers, savings, and what is not known.

The library's front door. ``docs/ask/library.md`` shows what it can do::

    import ewtp

    ewtp.duty("5.1¢/kg + 8.5%", value="1000", currency="USD", quantities={"kg": "120"})
    with ewtp.open_installation() as world:
        answer = world.assess({"from": "ZA", "to": "GB", "lines": [...]})

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ewtp.library.installation import Installation, open_installation, open_throwaway
    from ewtp.library.refusals import RefusedError
    from ewtp.library.without_rulebook import duty, search

__all__ = ["Installation", "RefusedError", "duty", "open_installation", "open_throwaway", "search"]

_MODULES = {
    "Installation": "installation",
    "RefusedError": "refusals",
    "duty": "without_rulebook",
    "open_installation": "installation",
    "open_throwaway": "installation",
    "search": "without_rulebook",
}


def __getattr__(name: str) -> Any:
    """One of the names above, from the module that defines it."""
    if name not in _MODULES:
        msg = f"module 'ewtp' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"ewtp.library.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    """The names for completion in a notebook."""
    return sorted(__all__)
