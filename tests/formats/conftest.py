"""The small files are a module beside these tests, importable by its own name."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Return what writes a text to a file of its own."""
    counter = iter(range(1000))

    def write(text: str) -> Path:
        path = tmp_path / f"file{next(counter)}.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write
