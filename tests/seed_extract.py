"""One heading of real law, cut out of the seed: what the packs have of it, and of all goods, word for word."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from ewtp.gateways.seed.root import seed_root

if TYPE_CHECKING:
    from pathlib import Path


def write_heading(folder: Path, heading: str, packs: tuple[str, ...]) -> None:
    """Write a seed with the rules and lines of a heading, from packs such as ``us/agencies``."""
    root = seed_root()
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("territories.yaml", "groups.yaml"):
        shutil.copy(root / name, folder / name)
    # Territories cite sources of packs whose rules are left out.
    for place in root.rglob("source.yaml"):
        target = folder / place.parent.relative_to(root)
        target.mkdir(parents=True)
        shutil.copy(place, target)
    for pack in packs:
        target = folder / pack
        for file in (root / pack).glob("*.csv"):
            with file.open(encoding="utf-8", newline="") as lines:
                rows = list(csv.DictReader(lines))
            # A rule may be of several codes, or of all goods where it has none.
            kept = [row for row in rows if not row.get("code") or row["code"].startswith(heading)]
            with (target / file.name).open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, rows[0].keys() if rows else ["code"])
                writer.writeheader()
                writer.writerows(kept)
