"""What is wrong with words to search by, and what is said of the codes found."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

CODE_HAS_SUBHEADINGS = Sentence(
    "several_matches",
    "{code:code} has {count:number} subheadings; choose the one that fits.",
    form="subheadings",
)
NO_CODE_BEGINS = Sentence("no_match", "No code of {edition} begins with {digits:code}.", form="digits")
NO_MATCH = Sentence("no_match", "No good match; try the material or the use.")
SEVERAL_MATCHES = Sentence(
    "several_matches", "Several codes are close; compare their texts, or add the material or the use."
)
WORDS_MISSING = Sentence("words_missing", "Say what the product is, for example `cotton T-shirt` or `roasted coffee`.")
WORDS_NOT_LATIN = Sentence("words_not_latin", "The tariff texts are in English; describe the product in English words.")
WORDS_TOO_LONG = Sentence("words_too_long", "Describe the product in at most {most:number} characters.")
