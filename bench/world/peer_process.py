"""A peer's process: it reads an order as one JSON object a line, and prints the outcome the same way."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def serve(run: Callable[[], dict[str, Any]], write: Callable[[str], None]) -> None:
    """Answer ``{"do": "run"}`` with seconds and totals, and ``{"do": "write", "path": …}`` by writing every line."""
    print(json.dumps({"ready": True}), flush=True)
    for text in sys.stdin:
        order = json.loads(text)
        if order["do"] == "run":
            start = time.perf_counter()
            outcome = run()
            said = {"seconds": time.perf_counter() - start, **outcome}
        else:
            write(order["path"])
            said = {"written": order["path"]}
        print(json.dumps(said), flush=True)
