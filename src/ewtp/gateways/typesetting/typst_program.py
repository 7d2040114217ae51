"""Sets one document: ``python -m ewtp.gateways.typesetting.typst_program``, a process that ends with its document.

Standard input has a line of JSON (the inputs of the template, by name) and then the template; standard output gets the
PDF. Status 1: the template failed, and standard error says how.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Read, set and write the document."""
    inputs = json.loads(sys.stdin.buffer.readline())
    template = sys.stdin.buffer.read()
    sys.stdout.buffer.write(bytes(typst.compile(template, format="pdf", sys_inputs=inputs, timestamp=0)))


if __name__ == "__main__":
    main()
