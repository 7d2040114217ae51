"""Materials and processes that rules of origin name, by the key under which a class has them, in words of our own."""

from __future__ import annotations

# After "made from": the material of a class such as ``MAT:fibre+staple``.
MATERIALS = {
    "coir": "coir yarn",
    "clad": "unwrought metals clad with precious metals",
    "fabric": "fabric",
    "fibre": "natural fibres",
    "filament": "synthetic or artificial filament yarn",
    "lead": "unwrought lead, not alloyed",
    "mica": "worked mica",
    "paper": "paper or materials for making it",
    "pulp": "chemical materials or textile pulp",
    "silk": "raw silk or silk waste",
    "staple": "man-made staple fibres not prepared for spinning",
    "stone": "unworked precious or semi-precious stones",
    "tin": "unwrought tin, not alloyed",
    "tinbar": "bars, rods and profiles of tin",
    "yarn": "yarn",
}
# The process of a class such as ``PROC:card``.
PROCESSES = {
    "card": "carding or combing of silk waste",
    "chemical": "a process of the introductory notes on chemicals",
    "print": "printing with at least two preparatory or finishing operations",
    "refine": "refining or another specific process of the introductory notes on petroleum",
    "retread": "retreading of used tyres",
    "spin": "spinning of natural fibres, or extrusion of man-made fibres with spinning",
}
# Materials that a rule asks to be wholly obtained by name: the material of a class such as ``WON:grape``.
OBTAINED = {
    "grape": "grapes and materials derived from them",
    "plant": "vegetables, fruit, nuts and other parts of plants",
}
