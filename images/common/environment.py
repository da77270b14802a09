"""Reads variables of the environment and refuses a process that lacks some, naming all of them at once."""

import os
import sys
from collections.abc import Iterable


def require(names: Iterable[str], image: str) -> dict[str, str]:
    """The values of the named variables. Ends the process with exit code 1 and one line when any is unset or empty."""
    values = {name: os.environ.get(name, "") for name in names}
    missing = [name for name, value in values.items() if not value]
    if missing:
        sys.exit(f"{image}: required variables are missing: {', '.join(missing)}. Set them and start again.")
    return values


def flag(name: str, default: bool) -> bool:
    """A boolean variable: true/false, 1/0, yes/no, on/off. Ends the process with one line on anything else."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("true", "1", "yes", "on"):
        return True
    if value in ("false", "0", "no", "off"):
        return False
    sys.exit(f"{name} is {value!r}; allowed are true and false.")


def words(name: str) -> list[str]:
    """The parts of a comma-separated variable."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
