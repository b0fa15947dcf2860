"""Names that become those of files."""

from __future__ import annotations

import pytest

from doorstep.modes.names import name_misfit


@pytest.mark.parametrize("name", ["van", "drone 2", "kärry", "中国", "a.b", "v" * 64, "می\u200cشود"])
def test_names(name: str) -> None:
    """Words of any script are names, with spaces and dots within."""
    assert name_misfit(name) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("../x", "'/'"),
        ("a\\b", "'\\'"),
        (".x", "dot"),
        ("a\nb", "U+000A"),
        ("a\x00", "U+0000"),
        ("a\u2028b", "U+2028"),
        ("v" * 65, "65 letters"),
    ],
)
def test_no_names(name: str, words: str) -> None:
    """What cannot be part of the name of a file is refused with a mend."""
    found = name_misfit(name)
    assert found is not None
    assert words in found[0]
    assert found[1]
