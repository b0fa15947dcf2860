"""Names of modes, configurations, hubs and lockers: they become names of files, columns and layers."""

from __future__ import annotations

from unicodedata import category

LONGEST = 64
"""Letters in a name; with what is put around it, it must still be the name of a file."""
UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
"""Categories of Unicode: control characters, halves of others, ends of lines and paragraphs."""


def name_misfit(name: str) -> tuple[str, str] | None:
    """Return what is wrong with a name and its mend; none where it can be part of the name of a file."""
    if not name.strip():
        return "a name is empty", "write a word"
    if len(name) > LONGEST:
        return f"'{name[:12]}…' is a name of {len(name)} letters", f"write {LONGEST} or fewer"
    odd = next((letter for letter in name if letter in "/\\" or category(letter) in UNSEEN), "")
    if odd:
        shown = f"'{odd}'" if odd.isprintable() else f"the character U+{ord(odd):04X}"
        return f"a name cannot hold {shown}, as it becomes that of a file", "write a dash in its place"
    if name.startswith("."):
        return f"the name '{name}' begins with a dot, as those of hidden files do", "leave the dot out"
    return None
