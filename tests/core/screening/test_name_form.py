"""Names in one form: scripts, marks, particles, servants of God, and the sound of words."""

from __future__ import annotations

import pytest

from ewtp.core.screening.name_form import fold_name, sound_of


def folded(name: str) -> list[str]:
    return [word.text for word in fold_name(name).words]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MÜLLER, Jürgen", ["muller", "jurgen"]),
        ("Игорь Сечин", ["igor", "sechin"]),
        ("Isma'il", ["ismail"]),
        ("A.B.C. Company", ["abc", "company"]),
        ("al-Masri", ["al", "masri"]),
        ("محمد طاهر", ["mhmd", "tahr"]),
        ("المشهداني", ["al", "mshhdany"]),
        ("陈梅", ["chen", "mei"]),
        ("… —", []),
    ],
)
def test_a_name_is_written_in_latin_letters_without_marks(name: str, words: list[str]):
    assert folded(name) == words


@pytest.mark.parametrize("name", ["Abd al-Rahman", "Abdul Rahman", "Abdurrahman", "ABDEL RAHMAN", "Abdulrahman"])
def test_a_servant_of_god_is_one_word(name: str):
    assert folded(name) == ["abdrahman"]


@pytest.mark.parametrize(
    ("one", "two"),
    [("muhammad", "mohamed"), ("mhmd", "mohammad"), ("anwari", "anwary"), ("hussein", "husayn"), ("qasim", "kassem")],
)
def test_romanisations_of_one_name_sound_alike(one: str, two: str):
    assert sound_of(one) == sound_of(two) != ""


def test_a_word_of_one_consonant_has_no_sound_to_compare():
    assert sound_of("ali") == ""


def test_particles_titles_and_legal_forms_say_little():
    assert [word.text for word in fold_name("Dr Hassan bin Ali Trading Co. Ltd").words if word.minor] == [
        "dr",
        "bin",
        "co",
        "ltd",
    ]


def test_a_name_without_end_is_cut():
    assert len(fold_name("a b c " * 10_000).words) <= 24
