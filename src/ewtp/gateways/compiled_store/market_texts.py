"""The texts that the market finder says of a compiled rulebook's rules, kept beside its arrays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import orjson

from ewtp.core.compiled.market.texts import MarketTexts
from ewtp.core.rulebook.measure_json import source_as_json, source_from_json

if TYPE_CHECKING:
    from pathlib import Path

# Part of the saved form: a change to what the fields mean makes saved ones be written anew.
_EDITION = 1
_FIELDS, _TEXTS = "market_fields.npy", "market_texts.json"


def write_market_texts(texts: MarketTexts, folder: Path) -> None:
    """Save the texts in the folder of the compiled book; the small file, which a reader opens first, comes last."""
    body = {"edition": _EDITION, "texts": texts.texts, "sources": [source_as_json(source) for source in texts.sources]}
    for name in (_FIELDS, _TEXTS):
        draft = folder / f".{name}.{os.getpid()}"
        with draft.open("wb") as file:
            if name == _FIELDS:
                np.save(file, texts.fields)
            else:
                file.write(orjson.dumps(body))
        draft.replace(folder / name)


def market_texts_kept(folder: Path) -> bool:
    """Whether the texts are there; they may still be of another edition."""
    return (folder / _TEXTS).exists()


def read_market_texts(folder: Path) -> MarketTexts | None:
    """The texts saved in a folder; None where there are none, or those of another edition."""
    try:
        body = orjson.loads((folder / _TEXTS).read_bytes())
        if body["edition"] != _EDITION:
            return None
        fields = np.asarray(np.load(folder / _FIELDS, mmap_mode="r"))
    except FileNotFoundError:
        return None
    return MarketTexts(fields, tuple(body["texts"]), tuple(source_from_json(source) for source in body["sources"]))
