"""A document is set in a process of its own, which has bounds and gives its memory back."""

from __future__ import annotations

import psutil
import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.typesetting.typst_process import MOST_BYTES, set_document

TEMPLATE = b"#for number in range(int(sys.inputs.lines)) [== Line #number \n #table(columns: 3, [a], [#number], [c])]"


def test_a_document_and_its_inputs():
    short, long = (set_document(TEMPLATE, {"lines": count}) for count in ("1", "60"))
    assert isinstance(short, bytes)
    assert isinstance(long, bytes)
    assert short.startswith(b"%PDF-")
    assert len(long) > len(short)
    assert short == set_document(TEMPLATE, {"lines": "1"})


def test_memory_is_given_back():
    process = psutil.Process()
    before, children = process.memory_info().rss, process.children()
    assert isinstance(set_document(TEMPLATE, {"lines": "300"}), bytes)
    assert process.memory_info().rss - before < 20_000_000
    assert process.children() == children


@pytest.mark.parametrize(("most_bytes", "seconds"), [(MOST_BYTES, 0.01), (len(TEMPLATE), 60.0)], ids=["time", "length"])
def test_a_document_beyond_its_bounds_is_refused(most_bytes, seconds):
    refused = set_document(TEMPLATE, {"lines": "2000"}, most_bytes=most_bytes, seconds=seconds)
    assert isinstance(refused, Refusal)
    assert refused.code == "document_too_long"


def test_a_template_that_fails_is_a_bug():
    with pytest.raises(RuntimeError, match="nothing"):
        set_document(b"#nothing", {})
