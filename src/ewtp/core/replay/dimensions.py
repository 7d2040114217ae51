"""The values of lines by which a report breaks its figures down: economies, subheadings and sizes of firms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.replay.answer_pairs import encode_texts, encode_together
from ewtp.core.replay.group_sums import find_distinct
from ewtp.core.values.codes import SUBHEADING_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    # By line, the index of its text, and the texts.
    EncodedTexts = tuple[NDArray[np.int32], pa.StringArray]
    # By dimension; None where lines have no such column.
    Dimensions = Mapping[str, EncodedTexts | None]

DIMENSION_COLUMNS = {
    "destination": "to",
    "dispatch": "from",
    "origin": "origin",
    "subheading": "hs",
    "firm_size": "firm_size",
}


def encode_dimension(dimension: str, lines: pa.Table) -> EncodedTexts | None:
    """By line, the index of its value, and the values; None where the lines have no such column."""
    name = DIMENSION_COLUMNS[dimension]
    if dimension == "origin":
        return encode_origins(lines)
    if name not in lines.column_names:
        return None
    numbers, values = encode_texts(lines[name])
    if dimension == "subheading":
        return _encode_subheadings(numbers, values)
    return numbers, values if dimension == "firm_size" else spell_economies(values)


def encode_origins(lines: pa.Table) -> tuple[NDArray[np.int32], pa.StringArray]:
    """By line, the economy of origin, which is that of dispatch where the line gives none."""
    if "origin" not in lines.column_names:
        numbers, texts = encode_texts(lines["from"])
        return numbers, spell_economies(texts)
    sent, made, values = encode_together(lines["from"], lines["origin"])
    return np.where(made == 0, sent, made), spell_economies(pa.array(values, pa.string()))


def spell_economies(texts: pa.StringArray) -> pa.StringArray:
    """Economies in the spelling of answers: without surrounding spaces, in capitals."""
    return pc.utf8_upper(pc.utf8_trim_whitespace(texts))


def _encode_subheadings(numbers: NDArray[np.int32], codes: pa.StringArray) -> tuple[NDArray[np.int32], pa.StringArray]:
    """Codes cut to six digits; ``codes`` may contain dots and spaces."""
    used, back = find_distinct(numbers, len(codes))
    digits = pc.replace_substring_regex(codes.take(pa.array(used)), r"[\s.]+", "")
    found = pc.utf8_slice_codeunits(digits, 0, SUBHEADING_DIGITS).dictionary_encode()
    return np.asarray(found.indices)[back], found.dictionary
