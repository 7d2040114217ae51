"""How many messages a text takes, against the tables of the standard and against counting in another way."""

from __future__ import annotations

from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.gateways.sms.sms_folder import sms_write
from ewtp.gateways.sms.text_parts import text_parts


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        # 153 septets hold 76 of two; the 77th begins the next part.
        ("€" * 152, "GSM-7", 304, 2),
        ("€" * 153, "GSM-7", 306, 3),
        ("é" * 160, "GSM-7", 160, 1),
        ("ê", "UCS-2", 1, 1),
        ("ç" * 70, "UCS-2", 70, 1),
        ("م" * 71, "UCS-2", 71, 2),
        ("好" * 134, "UCS-2", 134, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        # 67 units hold 33 of two.
        ("😀" * 67, "UCS-2", 134, 3),
    ],
)
def test_lengths(text: str, encoding: str, units: int, parts: int) -> None:
    found = text_parts(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


def test_the_alphabet_has_the_size_of_the_standard():
    sevens = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]
    fitting = [each for each in sevens if text_parts(each).encoding == "GSM-7"]
    # 128 places less the escape, and ten characters of the extension table.
    assert len(fitting) == 127 + 10
    assert sorted(each for each in fitting if text_parts(each).units == 2) == sorted("\f^{}\\[~]|€")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_a_longer_text_never_takes_fewer_parts(text: str) -> None:
    found = text_parts(text)
    assert found.parts <= text_parts(text + "a").parts
    most = {"GSM-7": (160, 153), "UCS-2": (70, 67)}[found.encoding]
    assert (found.units <= most[0]) == (found.parts == 1)
    assert found.units <= found.parts * most[found.parts > 1]


def test_a_message_is_a_file_of_its_own(tmp_path):
    identity = UUID(int=7)
    path = sms_write(home=tmp_path, message_id=identity, to="+233200000000", text="Slow.")
    assert sms_write(home=tmp_path, message_id=identity, to="+233200000000", text="Kept.") == path
    assert [each.name for each in (tmp_path / "sms").iterdir()] == [path.name]
    assert orjson.loads(path.read_bytes()) == {"id": str(identity), "to": "+233200000000", "text": "Kept."}
    assert path.stat().st_mode & 0o777 == 0o600
