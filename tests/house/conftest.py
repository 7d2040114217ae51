"""One worker looks at the source, which it reads once."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of the house together, apart from those with a group of their own."""
    for item in items:
        alone = any(item.get_closest_marker(name) for name in ("xdist_group", "seed", "kernel"))
        if "tests/house/" in str(item.path) and not alone:
            item.add_marker(pytest.mark.xdist_group("house"))
