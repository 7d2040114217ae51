"""Every kind of event that the log can hold is described, with its facts and with who may read them."""

from __future__ import annotations

import importlib
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import ewtp
from ewtp.apps.log_view.surface.entry_names import name_kinds
from ewtp.core.log.event import EventKind, EventPayload

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs/events.md"
SOURCE = Path(ewtp.__path__[0])
_ROW = re.compile(r"^\| (`[a-z_:`, ]+`) \| (.+) \| (.+) \| (all|own) \|$", re.MULTILINE)


def payloads(base: type[EventPayload] = EventPayload) -> Iterator[type[EventPayload]]:
    """Those of the program; other tests of the same process make some of their own."""
    for derived in base.__subclasses__():
        if derived.__module__.startswith("ewtp."):
            yield derived
        yield from payloads(derived)


def kinds(base: type[EventKind] = EventKind) -> Iterator[EventKind]:
    derived: type[EventKind]
    for derived in base.__subclasses__():
        if derived.__module__.startswith("ewtp."):
            yield from derived
        yield from kinds(derived)


def written_kinds() -> dict[str, tuple[frozenset[str], str]]:
    """The facts of each kind by their names, and who reads them, as the program has them."""
    for path in sorted(SOURCE.rglob("*.py")):
        # What is in no module that tests load anyway would go unnoticed, so everything that names a payload is loaded.
        if "EventPayload" in (text := path.read_text(encoding="utf-8")) or "PublicEvent" in text:
            importlib.import_module(".".join(("ewtp", *path.relative_to(SOURCE).with_suffix("").parts)))
    return {
        str(payload.__dict__["kind"]): (
            frozenset(field.name for field in fields(payload)),  # type: ignore[arg-type]
            "all" if payload.public else "own",
        )
        for payload in payloads()
        if isinstance(payload.__dict__.get("kind"), EventKind) and hasattr(payload, "__dataclass_fields__")
    }


def described_kinds() -> dict[str, tuple[frozenset[str], str]]:
    found = {}
    for kinds, _, facts, readers in _ROW.findall(PAGE.read_text(encoding="utf-8")):
        for kind in re.findall(r"`([^`]+)`", kinds):
            assert kind not in found, f"{kind} is described twice"
            found[kind] = (frozenset(re.findall(r"`(\w+)`", facts)), readers)
    return found


def test_every_kind_of_event_is_described_with_its_facts_and_readers():
    written, described = written_kinds(), described_kinds()
    assert "audit:action:recorded" in written
    assert {kind: described.get(kind) for kind in written} == written
    assert described.keys() - written.keys() == set()


def test_every_kind_that_everybody_may_read_has_a_name_on_the_page_of_the_log():
    assert {kind for kind, (_, readers) in written_kinds().items() if readers == "all"} == name_kinds()


def test_every_kind_has_a_payload():
    """A kind without facts of its own could be written by nothing, and its row would describe nothing."""
    written = written_kinds()
    assert {str(kind) for kind in kinds()} == written.keys()
