"""Draw who imports whom into ARCHITECTURE.md, as Mermaid diagrams made from the source.

``make graph`` rewrites the diagrams; a test of the house fails while they differ from the source.
"""

from __future__ import annotations

import re
from pathlib import Path

import grimp

ARCHITECTURE = Path(__file__).parents[1] / "ARCHITECTURE.md"
# Each picture shows the packages directly below one package.
CONTAINERS = ("ewtp", "ewtp.core", "ewtp.core.compiled", "ewtp.apps")
_BLOCK = re.compile(r"(<!-- imports of (?P<container>[\w.]+) -->\n).*?(<!-- end of imports -->)", re.DOTALL)


def find_arrows(graph: grimp.ImportGraph, container: str) -> set[tuple[str, str]]:
    """Pairs (importer, imported) of children of ``container`` by last name; imports within a child do not count."""
    arrows = set()
    for importer in graph.modules:
        source = _child(importer, container)
        if source is None:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            target = _child(imported, container)
            if target is not None and target != source:
                arrows.add((source, target))
    return arrows


def _child(module: str, container: str) -> str | None:
    prefix = f"{container}."
    return module[len(prefix) :].partition(".")[0] if module.startswith(prefix) else None


def draw_diagram(arrows: set[tuple[str, str]]) -> str:
    """The arrows that the others do not imply, as a Mermaid flow chart in a Markdown fence."""
    lines = [f"  {source} --> {target}" for source, target in sorted(_without_shortcuts(arrows))]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```", ""])


def _without_shortcuts(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out an arrow where a longer way leads to the same place, so that the picture shows the order."""

    def reaches(source: str, target: str, without: tuple[str, str]) -> bool:
        waiting: list[str] = [source]
        seen: set[str] = set()
        while waiting:
            place = waiting.pop()
            following = {end for start, end in arrows if start == place and (start, end) != without} - seen
            if target in following:
                return True
            seen |= following
            waiting.extend(following)
        return False

    return {arrow for arrow in arrows if not reaches(*arrow, without=arrow)}


def with_diagrams(text: str) -> str:
    """The document with every marked block drawn from the source."""
    graph = grimp.build_graph("ewtp")

    def redraw(block: re.Match[str]) -> str:
        arrows = find_arrows(graph, block["container"])
        count = f"{len(arrows)} arrows; those that a longer way implies are left out.\n\n"
        return f"{block[1]}{count}{draw_diagram(arrows)}{block[3]}"

    return _BLOCK.sub(redraw, text)


if __name__ == "__main__":
    ARCHITECTURE.write_text(with_diagrams(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
