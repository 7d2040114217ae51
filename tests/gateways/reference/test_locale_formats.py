"""Numbers as readers write them, the quick way and Babel's alike."""

from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from ewtp.gateways.reference.locale_formats import locale_of, number_text

LANGUAGES = ("en", "fr", "es", "ar", "zh-hans", "sw")


@given(st.integers(0, 10**18), st.integers(0, 8), st.sampled_from(LANGUAGES))
def test_a_number_is_written_as_babel_writes_it(digits, places, language):
    number = Decimal(digits).scaleb(-places)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    wanted = format_decimal(number, format=pattern, locale=locale_of(language), decimal_quantization=False)
    assert number_text(number, language) == wanted


@pytest.mark.parametrize(
    ("number", "language", "wanted"),
    [
        ("-1234.50", "en", "-1,234.50"),
        ("1234.50", "fr", "1\u202f234,50"),
        ("1E+6", "es", "1.000.000"),
        ("123456789012345678901234567890.5", "en", "123,456,789,012,345,678,901,234,567,890.5"),
    ],
)
def test_signs_exponents_and_very_long_numbers(number, language, wanted):
    assert number_text(Decimal(number), language) == wanted
