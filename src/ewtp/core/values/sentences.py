"""What is wrong with a code, an amount, a quantity or a unit that was given."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

AMOUNT_ABSURD = Sentence(
    "amount_absurd", "The amount given for {field:field} is larger than any consignment; check the digits."
)
AMOUNT_NEGATIVE = Sentence("amount_negative", "The amount given for {field:field} is below zero; give zero or more.")
AMOUNT_NOT_TEXT = Sentence(
    "amount_unreadable", 'Give {field:field} as a decimal string such as "1000.00".', form="not_text"
)
AMOUNT_UNREADABLE = Sentence(
    "amount_unreadable",
    "The amount given for {field:field} cannot be read; write digits with a dot, such as 1000.00.",
)
CODE_NOT_TEXT = Sentence(
    "code_unreadable", "Give the tariff code as a string of digits, such as 6109.10.", form="not_text"
)
CODE_TOO_SHORT = Sentence(
    "code_too_short",
    "{code:code} is a chapter or heading; give at least the six digits of a subheading "
    "(the product search finds them).",
)
CODE_IS_NUMBER = Sentence(
    "code_is_number",
    "A spreadsheet has turned a tariff code into the number {text}; format the column as text, and write "
    "{likely:code}.",
)
CODE_LENGTH_ODD = Sentence(
    "code_length_odd",
    "{code:code} has {count} digits, and a tariff code has an even number of them; if a spreadsheet has changed it, "
    "write {likely:code}.",
)
CODE_LENGTH_ODD_ZERO = Sentence(
    "code_length_odd",
    "{code:code} has {count} digits, and a tariff code has an even number of them; look for a digit that is missing or "
    "too many.",
    form="zero",
)
CODE_UNREADABLE = Sentence(
    "code_unreadable", "A tariff code has 6 to 14 digits, such as 6109.10; dots and spaces are fine."
)
CURRENCY_NOT_ISO = Sentence("currency_unknown", "{currency} is not an ISO 4217 currency; USD is one.", form="not_iso")
CURRENCY_UNREADABLE = Sentence("currency_unknown", "Give a currency as three letters (ISO 4217), such as USD.")
DATE_UNREADABLE = Sentence("date_unreadable", "Give the date as YYYY-MM-DD, such as 2026-06-30.")
ECONOMY_NOT_ISO = Sentence(
    "economy_unknown", "{economy} is not an ISO 3166-1 economy; give its two letters, such as KE.", form="not_iso"
)
ECONOMY_OTHER_CODE = Sentence(
    "economy_unknown", "{economy} is not an ISO 3166-1 economy; write {likely}.", form="other_code"
)
ECONOMY_BETWEEN_TARIFFS = Sentence(
    "economy_unknown",
    "Goods of or for {economy} bear the duties of {own}, or those of {other} where they are at risk of moving there: "
    "ask with {own}, and with {other} for those duties.",
    form="between_tariffs",
)
ECONOMY_UNREADABLE = Sentence(
    "economy_unknown", "Give an economy as two letters (ISO 3166-1), such as KE; EU is the customs union."
)
OPERATOR_NEEDED = Sentence("operator_needed", "Only the operator of this installation may do this.")
QUANTITY_ABSURD = Sentence(
    "amount_absurd", "The quantity in {unit} is larger than any consignment; check the digits.", form="quantity"
)
QUANTITY_NEGATIVE = Sentence(
    "amount_negative", "The quantity in {unit} is below zero; give zero or more.", form="quantity"
)
QUANTITY_NOT_TEXT = Sentence(
    "amount_unreadable", 'Give the quantity in {unit} as a decimal string such as "120.5".', form="quantity_not_text"
)
QUANTITY_UNREADABLE = Sentence(
    "amount_unreadable",
    "The quantity in {unit} cannot be read; write digits with a dot, such as 120.5.",
    form="quantity",
)
QUANTITY_TOO_LARGE = Sentence(
    "amount_absurd",
    "The quantity in {unit:unit} is larger than any consignment; check the digits.",
    form="quantity_in_unit",
)
QUANTITY_TWICE = Sentence("quantity_twice", "The quantity in {unit:unit} is given twice; give it once.")
QUANTITY_TWICE_IN_TWO_UNITS = Sentence(
    "quantity_twice", "The quantity in {unit:unit} is given in {other:unit} as well; give it once.", form="in_two_units"
)
QUANTITY_ZERO = Sentence("quantity_zero", "Give how much there is in {unit:unit}, or leave that quantity out.")
SHARE_ABSURD = Sentence("quantity_absurd", "{unit:unit} is a share, and cannot exceed {most:number}; check the digits.")
UNIT_UNKNOWN = Sentence(
    "unit_unknown",
    "{unit:quoted} is not a known unit; use a UN/ECE Recommendation 20 code or a name such as kg, litre, "
    "number or pair.",
)
