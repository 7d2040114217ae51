"""Long passwords that are guessed first: keys in sequence, a repeated short text, our own words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

if TYPE_CHECKING:
    from ewtp.apps.accounts.store.models import User

# Keys that lie side by side, in both directions; the digits go round.
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qaz", "wsx", "edc", "rfv")
_FOLLOWING = frozenset(pair for row in _ROWS for one, other in pairwise(row) for pair in (one + other, other + one))
# As many characters as do not follow from those before them.
_LEAST_SURPRISES = 6


# Of the site's own world, which whoever guesses passwords of its users tries first (OWASP ASVS 5.0, 6.2.11).
SITE_WORDS = (
    *("ewtp", "electronic", "world", "trade", "platform", "customs", "tariffs", "tariff", "duties", "duty", "import"),
    *("export", "goods", "market", "rulebook", "barrier", "proposal", "ballot", "vote", "password"),
)
_SITE_WORD = re.compile("|".join(SITE_WORDS))


class SiteWordsValidator:
    """Refuses ``WorldTradePlatform1``: the words of this site, and too little beside them."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where the password is such a one."""
        del user
        text = password.casefold()
        rest = _SITE_WORD.sub("", text)
        if rest != text and count_surprises(find_repetition(rest)) < _LEAST_SURPRISES:
            raise ValidationError(self.get_help_text(), code="password_of_site_words")

    def get_help_text(self) -> str:
        """What is asked for."""
        return gettext("The password must not be made of the words of this site.")


class GuessablePasswordValidator:
    """Refuses ``123456789012``, ``aaaaaaaaaaaa``, ``1q2w3e4r5t6y``, and a common password that is repeated."""

    def __init__(self) -> None:
        self._common = CommonPasswordValidator()

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError where the password is one of these."""
        repeated = find_repetition(password.casefold())
        if count_surprises(repeated) < _LEAST_SURPRISES:
            raise ValidationError(self.get_help_text(), code="password_guessable")
        self._common.validate(repeated, user)

    def get_help_text(self) -> str:
        """What is asked for."""
        return gettext("The password must not be a sequence of keys, or a short text over and over.")


def find_repetition(text: str) -> str:
    """The shortest text of which the text is repetitions, the last one perhaps cut; the whole where there is none.

    Source: D. E. Knuth, J. H. Morris and V. R. Pratt, Fast Pattern Matching in Strings, SIAM J. Comput. 6 (1977),
    section 2: the time grows with the text. ``borders[n]`` is how much of the text's beginning also ends its first
    n + 1 characters.
    """
    borders = [0] * len(text)
    for place in range(1, len(text)):
        border = borders[place - 1]
        while border and text[place] != text[border]:
            border = borders[border - 1]
        borders[place] = border + (text[place] == text[border])
    width = len(text) - borders[-1] if text else 0
    return text[:width] if 2 * width <= len(text) else text


def count_surprises(text: str) -> int:
    """The characters that neither repeat nor follow, by alphabet or keyboard, one of the two before them."""
    return sum(
        not any(_follows(before, letter) for before in text[max(0, place - 2) : place])
        for place, letter in enumerate(text)
    )


def _follows(before: str, letter: str) -> bool:
    return before == letter or before + letter in _FOLLOWING
