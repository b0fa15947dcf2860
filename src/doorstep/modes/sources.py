"""Source: where a number was published, read from `sources.bib`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from doorstep.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent
_ENTRY = re.compile(r"^@\w+\{(?P<key>[\w-]+),$(?P<body>.*?)^\}$", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  (?P<name>\w+) = \{(?P<text>.*)\},$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that a number was taken from."""

    key: str
    authors: str
    title: str
    """In [brackets] where it describes the source rather than names it."""
    year: int | None
    """None where it was not noted."""
    where: str
    """Journal, publisher or place where it was seen."""
    url: str = ""
    weak: bool = False
    """True for press, vendors' claims and quotations at third hand."""

    @property
    def cite(self) -> str:
        """Return author and year, as in `Rodrigues et al. 2022`."""
        year = self.year or "n.d."
        if self.authors.startswith("{"):
            return f"{self.authors.strip('{}')} {year}"
        names = [name.split(",")[0].strip() for name in self.authors.split(" and ")]
        few = 2
        who = " and ".join(names) if len(names) <= few and "others" not in names else f"{names[0]} et al."
        return f"{who} {year}"


@cache
def load_sources() -> Mapping[str, Source]:
    """Return every source by its key; CatalogError where an entry of the file lacks a part."""
    text = (FOLDER / "sources.bib").read_text(encoding="utf-8")
    found: dict[str, Source] = {}
    for entry in _ENTRY.finditer(text):
        key = entry["key"]
        part = {field["name"]: field["text"].replace("\\_", "_") for field in _FIELD.finditer(entry["body"])}
        lacking = [name for name in ("author", "title", "year") if not part.get(name)]
        if lacking or key in found:
            what = f"lacks {', '.join(lacking)}" if lacking else "is there twice"
            raise CatalogError.of(f"sources.bib, {key}", what, "mend the entry", "bad-source")
        found[key] = Source(
            key=key,
            authors=part["author"],
            title=part["title"],
            year=None if part["year"] == "n.d." else int(part["year"]),
            where=part.get("journal") or part.get("howpublished", ""),
            url=part.get("url", ""),
            weak="weak" in part.get("note", ""),
        )
    return MappingProxyType(found)
