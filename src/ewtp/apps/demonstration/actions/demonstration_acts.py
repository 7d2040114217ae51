"""What the proposals of a demonstration would do to real rules; what they say of themselves is labelled as invented.

Those that are replayed change something for the lines of ``demonstration_lines``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.proposals.proposal import ProposalStage

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = 'text "Invented for a demonstration."'
_ACTS = {
    ProposalStage.DRAFT: (
        "No Lacey data for furniture",
        'end requirement of US by APHIS paper "AL1*" on 9401 from {day}',
    ),
    ProposalStage.SUBMITTED: (
        "No Lacey data for musical instruments",
        'end requirement of US by APHIS paper "AL1*" on 92 from {day}',
    ),
    ProposalStage.LAPSED: (
        "A certificate of Ghana for its food",
        (
            'recognise "Export certificate" of "Food and Drugs Authority of Ghana" for requirement of US by FDA '
            "on 18 origin GH from {day} without sunset"
        ),
    ),
    ProposalStage.WITHDRAWN: (
        "Lacey data in electronic form",
        'accept electronic requirement of US by APHIS paper "AL1*" on 92 from {day} without sunset',
    ),
    ProposalStage.DISCUSSED: (
        "One paper for wood and a quick answer",
        (
            'article lacey\n  why "The phytosanitary certificate says the same."\n'
            '  end requirement of US by APHIS paper "AL1*" on 92, 94 from {day}\n'
            "article answers requires lacey\n  answer within 5 days of US by APHIS from {day} without sunset"
        ),
    ),
    ProposalStage.FROZEN: (
        "Chocolate of Ghana without data for the FDA",
        "exempt GH from requirement of US by FDA on 1806 from {day} without sunset",
    ),
    ProposalStage.VOTING: (
        "One paper less for wooden floors, and an answer within five days",
        (
            'article floors\n  end requirement of US by APHIS paper "AL2*" on 4409 from {day}\n'
            "article answers requires floors\n  answer within 5 days of US by APHIS from {day} without sunset"
        ),
    ),
    ProposalStage.FAILED: (
        "A limit of 200 pounds for parcels",
        'raise threshold to "200 GBP" in relief of GB programme relief:duty from {day} without sunset',
    ),
    ProposalStage.PASSED: (
        "Fewer papers for wood, and a higher limit for parcels",
        (
            'article wood\n  end requirement of US by APHIS paper "AL2*" on 44 from {day}\n'
            'article parcels\n  raise threshold to "270 GBP" in relief of GB programme relief:duty '
            "from {day} without sunset"
        ),
    ),
}


def acts_by_stage(year: int) -> Mapping[ProposalStage, str]:
    """The acts of each proposal in the text form, with effect from the first day of a year."""
    day = f"{year}-01-01"
    return {stage: f'title "{title}"\n{_TEXT}\n{acts.format(day=day)}\n' for stage, (title, acts) in _ACTS.items()}
