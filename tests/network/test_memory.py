"""Tests of memory handed back."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from doorstep.network.memory import LARGE, give_back

if TYPE_CHECKING:
    import pytest


def test_memory_is_handed_back_on_large_maps_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small maps are spared it, large ones ask the C library, and one that knows no such call is left alone."""
    asked: list[int] = []

    class Library:
        """A C library of glibc's kind."""

        def __init__(self, _name: None) -> None:
            self.malloc_trim = asked.append

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", Library)
    give_back(LARGE - 1)
    assert asked == []
    give_back(LARGE)
    assert asked == [0]
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    give_back(LARGE)
    assert asked == [0]
