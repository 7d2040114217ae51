"""The texts that the market finder shows of a compiled rulebook's rules, kept beside its arrays."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import orjson

from ewtp.core.compiled.market.texts import MarketTexts
from ewtp.core.rulebook.measure_json import source_as_json, source_from_json
from ewtp.gateways.compiled_store.folder_digests import is_sound, write_digested

if TYPE_CHECKING:
    from pathlib import Path

# Part of the name of the folder: a change of what the fields mean makes them be written again.
EDITION = 5
_FIELDS, _TEXTS = "market_fields.npy", "market_texts.json"


def write_market_texts(texts: MarketTexts, folder: Path) -> dict[str, str]:
    """Save the texts in a folder that nobody reads from yet; the digests of their files, by name."""
    body = {
        "texts": texts.texts,
        "sources": [source_as_json(source) for source in texts.sources],
        "territories": texts.territories,
    }
    written = orjson.dumps(body)
    return {
        _FIELDS: write_digested(folder / _FIELDS, partial(np.save, arr=texts.fields)),
        _TEXTS: write_digested(folder / _TEXTS, lambda file: file.write(written)),
    }


def read_market_texts(folder: Path) -> MarketTexts | None:
    """The texts saved in a folder; None where there are none, or the folder was damaged on the disk."""
    try:
        if not is_sound(folder):
            return None
        body = orjson.loads((folder / _TEXTS).read_bytes())
        fields = np.asarray(np.load(folder / _FIELDS, mmap_mode="r"))
    except FileNotFoundError:
        return None
    sources = tuple(source_from_json(source) for source in body["sources"])
    return MarketTexts(fields, tuple(body["texts"]), sources, tuple(body["territories"]))
