"""The one exception a user's mistake raises."""

import difflib
from collections.abc import Iterable


class KzalignError(Exception):
    """A user's mistake: one line that says what is wrong, where, and what to do."""


def unknown(what: str, name: str, valid: Iterable[str]) -> KzalignError:
    """Returns the error for a name that is not in a table, naming the nearest valid one."""
    valid = sorted(valid)
    near = difflib.get_close_matches(name, valid, n=1, cutoff=0.4)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return KzalignError(f"unknown {what} '{name}': {hint}valid: {', '.join(valid)}")
