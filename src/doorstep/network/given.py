"""Given: what users give in place of a path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from doorstep.errors import InputError


def given_path(path: Any) -> Path:
    """Return a path, `~` being the user's home; InputError for what is neither words nor a path."""
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise InputError.of("path", f"{path!r} is no path", "give a file's name as words or as a Path", "no-path")
    if not os.fspath(path):
        raise InputError.of("path", "is empty", "give a file's name", "no-path")
    if isinstance(path, str) and "://" in path:
        raise InputError.of(path, "is an address of the network, not a file", "fetch it and name the file", "no-path")
    named = Path(path)
    try:
        return named.expanduser() if os.fspath(path).startswith("~") else named
    except RuntimeError:  # nobody's home
        return named
