"""Which characters a PDF can show is found out before it is made."""

from __future__ import annotations

import pytest
import typst

from ewtp.gateways.installation.fonts import find_missing_characters, font_packages, fonts_refusal

# What comes with the typesetter itself, so that every computer gives the same result.
OWN = {"font_paths": typst.Fonts(include_system_fonts=False)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Landed cost 1\u202f344,00\u00a0GBP \u2192",
        "\u0627\u0644\u0645\u0646\u200f",
        "\u03a9\u043a\u0451",
        "\n\t",
    ],
)
def test_what_can_be_shown_is_not_missing(text):
    assert find_missing_characters(text, **OWN) == ()
    assert fonts_refusal(text, **OWN) is None


def test_what_cannot_be_shown_is_found_among_what_can():
    assert find_missing_characters("price \u4ef7\u683c, \u4ef7\u683c", **OWN) == ("\u4ef7", "\u683c")


@pytest.mark.parametrize(
    ("characters", "packages"),
    [
        ("\u4ef7\u683c", ("fonts-noto-cjk",)),
        ("\uac00", ("fonts-noto-cjk",)),
        ("\u12a0", ("fonts-sil-abyssinica",)),
        ("\u0e44\u0627", ("fonts-noto-core",)),
        ("\U0001f600\u12a0", ("fonts-noto-color-emoji", "fonts-sil-abyssinica")),
        ("", ()),
    ],
)
def test_each_script_has_its_package(characters, packages):
    assert font_packages(characters) == packages


def test_the_refusal_shows_a_few_characters_and_names_the_packages():
    refusal = fonts_refusal("\u4ef7\u683c\u8d27\u7269\u8fd0\u8d39 \u12a0", **OWN)
    assert refusal is not None
    assert refusal.code == "fonts_missing"
    assert refusal.params["packages"] == ["fonts-noto-cjk", "fonts-sil-abyssinica"]
    assert len(refusal.params["characters"]) == 6
