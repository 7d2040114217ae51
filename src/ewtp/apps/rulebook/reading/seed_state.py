"""Which state of the seed the rulebook was loaded from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.store.models import Version

if TYPE_CHECKING:
    from pathlib import Path


def digest_seed(root: Path) -> str:
    """The digest of every pack below ``root``, by path and content; worked cases are not part of the law."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in {".csv", ".yaml"} and path.name != "cases.yaml" and path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_seed_loaded(seed_digest: str) -> bool:
    """Whether the newest version that came from a seed came from this one."""
    loaded = Version.objects.exclude(seed_digest="").order_by("-number").values_list("seed_digest", flat=True).first()
    return loaded == seed_digest
