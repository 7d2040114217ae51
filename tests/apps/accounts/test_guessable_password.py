"""A password that is a short text over and over is known by the shortest such text."""

from __future__ import annotations

import itertools

from ewtp.apps.accounts.surface.guessable_password import find_repetition


def test_the_shortest_part_that_is_repeated_is_found():
    for text, part in (("abab", "ab"), ("ababa", "ab"), ("aab", "aab"), ("", ""), ("a", "a"), ("aaa", "a")):
        assert find_repetition(text) == part
    for width in range(1, 5):
        for text in map("".join, itertools.product("ab", repeat=width * 2)):
            found = find_repetition(text)
            shortest = (text[:n] for n in range(1, width + 1) if (text[:n] * len(text))[: len(text)] == text)
            assert found == next(shortest, text)
