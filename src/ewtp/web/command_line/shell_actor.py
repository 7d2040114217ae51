"""Who acts on the command line."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from ewtp.core.values.actor import system_actor

if TYPE_CHECKING:
    from ewtp.core.values.actor import Actor


def shell_actor() -> Actor:
    """Whoever has a shell on the server operates the installation, and is known by the name of the account."""
    return system_actor(f"shell:{getpass.getuser()}")
