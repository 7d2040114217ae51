"""Trade figures that an operator has brought, one Parquet file a source below ``EWTP_HOME``, sorted by subheading."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from ewtp.core.markets.demand import FigureSource, ImportFigure
from ewtp.gateways.installation.durable_folder import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_FOLDER = "trade_figures"
_SOURCE = b"ewtp source"
_ROW_GROUP = 20_000
_SCHEMA = pa.schema(
    [
        ("hs", pa.string()),
        ("importers", pa.string()),
        ("year", pa.int16()),
        ("supplier", pa.string()),
        ("value", pa.decimal128(20, 2)),
        ("currency", pa.string()),
    ]
)


def figure_folder(home: Path) -> Path:
    """Where an installation's figures are."""
    return home / _FOLDER


def write_figures(home: Path, source: FigureSource, figures: Iterable[ImportFigure]) -> int:
    """Store the figures of a source in place of its earlier ones, and return how many there are."""
    rows = sorted(figures, key=lambda each: (each.hs, each.importers, each.year, each.supplier))
    table = pa.table(
        {
            "hs": [each.hs for each in rows],
            "importers": [" ".join(each.importers) for each in rows],
            "year": [each.year for each in rows],
            "supplier": [each.supplier for each in rows],
            "value": [each.value for each in rows],
            "currency": [each.currency for each in rows],
        },
        schema=_SCHEMA.with_metadata({_SOURCE: json.dumps(source.as_json()).encode()}),
    )
    folder = figure_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{source.id}.{os.getpid()}"
    pq.write_table(table, draft, row_group_size=_ROW_GROUP)
    draft.replace(folder / f"{source.id}.parquet")
    sync_folder(folder)
    return len(rows)


def list_figure_sources(home: Path) -> list[tuple[FigureSource, int]]:
    """The sources of the figures that are held, each with how many there are."""
    return [
        (_read_source(schema.metadata or {}), count)
        for path in _files(home)
        for schema, count in [(pq.read_schema(path), pq.read_metadata(path).num_rows)]
    ]


def find_figures(home: Path, hs: str) -> Iterator[tuple[FigureSource, ImportFigure]]:
    """The figures of a subheading, by source; none where nobody has brought any."""
    for path in _files(home):
        table = pq.read_table(path, filters=[("hs", "=", hs)])
        source = _read_source(table.schema.metadata or {})
        for row in table.to_pylist():
            yield (
                source,
                ImportFigure(
                    tuple(row["importers"].split()),
                    row["hs"],
                    row["year"],
                    row["supplier"],
                    row["value"],
                    row["currency"],
                ),
            )


def _files(home: Path) -> list[Path]:
    try:
        return sorted(path for path in figure_folder(home).iterdir() if path.suffix == ".parquet")
    except FileNotFoundError:
        return []


def _read_source(metadata: dict[bytes, bytes]) -> FigureSource:
    body: dict[str, Any] = json.loads(metadata[_SOURCE])
    published, listed = body["published"], body.pop("listed_suppliers")
    return FigureSource(
        **{
            **body,
            "listed": listed,
            "published": date.fromisoformat(published) if published else None,
            "retrieved": date.fromisoformat(body["retrieved"]),
        }
    )
