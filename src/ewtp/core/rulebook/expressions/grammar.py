"""The grammar of duty expressions, for every official dialect, read after ``normalise``.

Loosest first: seasons; "or"; TARIC's MIN and MAX, which bound a whole sum on both sides ("9.10% MAX 3.60% +
3.40 GBP / 100 kg"); a sum; the worded bounds of North America, which bound one term; "less"; one duty.
That "but not less than" binds tighter than "plus" is how the Canadian tariff writes it: the line for
packages is the bulk line's whole duty plus 4% (2020, 0704.20.11 "5.62 ¢/kg but not less than 10.5 % plus 4 %"
beside 0704.20.12 "5.62 ¢/kg but not less than 10.5 %").
"""

from ewtp.core.rulebook.expressions.rate_units import DENOMINATOR

# The base of a percentage: words, up to the one that continues the duty.
_BASE = (
    r"(?:on|of|upon) (?:(?!\b(?:min|max|plus|minus|less|but|with|whichever)\b|\bor\s*[^a-z\s]|,? ?\(|\.[0-9])"
    r"[a-z .,'-])+(?<=[a-z])|/ ?retail price"
)
# Free, with the bond or the note that the measure's conditions hold.
_FREE = (
    r"free(?![a-z])(?:,? ?under (?:bond|the terms of)(?:, as prescribed in)?"
    r"(?: U\.S\. note [0-9]+(?:\([a-z]\))? to this subchapter)?| \(see U\.S\. note [0-9]+ of this subchapter\))?"
)
_INHERITED = (
    r"no change|the duty (?:rate )?provided in "
    r"(?:the applicable subheading|such subheading|subheadings? [0-9][0-9., or]*[0-9])"
)
# A text that points to another provision; only the forms that official schedules use.
_REFERENCE = (
    r"see (?:additional )?(?:U\.S\. )?note [0-9]+(?:\([a-z]\))?(?: (?:to|of) this subchapter| free)?"
    r"|see [0-9][0-9., -]*[0-9]"
    r"|the (?:duty )?rates? (?:of duty )?(?:applicable|provided for)[a-z0-9 ,.]*"
    r"|a duty (?:equal to|upon|\(in lieu)[a-z0-9 ,.()-]*"
    r"|free,? for such temporary periods[a-z ]*"
)

_TEXT = r"""
start: expression

?expression: choice
    | choice SEASON (_SEPARATOR choice SEASON)* (_SEPARATOR choice)?  -> seasonal

?choice: bounded
    | bounded (_OR bounded)+ [RULE]                    -> alternatives

?bounded: total
    | total _MIN total                                 -> at_least
    | total _MAX total                                 -> at_most
    | total _MIN total _MAX total                      -> between
    | total CAPPED                                     -> cap

?total: added
    | added _DASH duty                                 -> difference

?added: term
    | term (_PLUS term)+                               -> sum

?term: less
    | less _NOT_LESS less                              -> at_least
    | less _NOT_MORE less                              -> at_most
    | less _NOT_LESS less _OR_MORE less                -> between

?less: duty
    | duty _LESS duty                                  -> difference

?duty: number _PERCENT [BASE]                          -> ad_valorem
    | _A_DUTY_OF number _PERCENT [BASE]                -> ad_valorem
    | number                                           -> bare_percent
    | money DENOMINATOR                                -> specific
    | money DENOMINATOR _PER_DEGREE                    -> per_degree
    | FREE                                             -> free
    | INHERITED                                        -> inheritance
    | REFERENCE                                        -> reference
    | COMPONENT                                        -> component
    | MISSING                                          -> missing_fact
    | "(" expression ")"

money: number CENT                                     -> cents
    | number CURRENCY                                  -> code_after
    | CURRENCY number                                  -> code_before
    | SIGN number                                      -> sign_before
    | number SIGN                                      -> sign_after
    | number                                           -> plain_money

number: NUMBER [FRACTION]

NUMBER: /[0-9]+(?:[.,][0-9]+)*|[.,][0-9]+/
FRACTION: /[1-9][0-9]?\/[1-9][0-9]?(?=\s?(?:%|per\s?cent))/
_PERCENT: /%|per\s?cent(?![a-z])/i
CENT.2: /¢|c(?![a-z])/i
CURRENCY: /(?!MIN|MAX)[A-Z]{3}(?![A-Za-z])/
SIGN: /[$€£]/
BASE: /@BASE@/i
DENOMINATOR: /@DENOMINATOR@/i
_PER_DEGREE: /for each degree under 100 degrees(?: \(and fractions of a degree in proportion\))?/i
_PLUS: /\+|plus(?![a-z])/i
_LESS: /less(?![a-z])|minus(?![a-z])/i
_DASH: /-(?= )/
_OR.1: /or(?![a-z])/i
_OR_MORE.2: /or more than/i
_MIN: /min(?![a-z])/i
_MAX: /max(?![a-z])|with a maximum of/i
_NOT_LESS: /(?:but )?not less(?: than)?/i
_NOT_MORE: /(?:but )?not more(?: than)?/i
RULE: /,? ?whichever is(?: the)? (?:higher|greater|lower|lesser)/i
_A_DUTY_OF: /a duty of/i
SEASON: /\( ?[0-9]{1,2}[^()]{2,200}\)/
_SEPARATOR: /[,;]/
FREE: /@FREE@/i
INHERITED.2: /@INHERITED@/i
REFERENCE.3: /@REFERENCE@/i
CAPPED: /,? but if consisting in part of [a-z ]*the total duty shall not exceed [a-z ]*/i
COMPONENT: /(?:EA|ADSZ|ADFM)(?![A-Za-z])|entry price/i
MISSING: /\[[^\[\]]{1,440}\]/

%ignore " "
"""

_TERMINALS = {
    "BASE": _BASE,
    "DENOMINATOR": DENOMINATOR,
    "FREE": _FREE,
    "INHERITED": _INHERITED,
    "REFERENCE": _REFERENCE,
}


def _grammar() -> str:
    text = _TEXT
    for name, pattern in _TERMINALS.items():
        text = text.replace(f"@{name}@", pattern.replace("/", r"\/"))
    return text


GRAMMAR = _grammar()
