"""Rewriter: files of OpenStreetMap written anew by osmium as PBF that is not packed.

Run as a program of its own for files that may be damaged, since damaged blocks can bring osmium down, and with it the
program that it is part of.
"""

from __future__ import annotations

import sys
from typing import Any

FORMATS = ("osm.gz", "osm.bz2", "osm", "pbf")


def write_anew(path: str, target: str, *, sort: bool = False) -> None:
    """Write a file anew; raises whatever osmium raises for files that it cannot read.

    Sorted, of objects that are there twice only the newest is kept.
    """
    import osmium

    # The end of a name tells osmium its format, but only in small letters.
    kind = next(kind for kind in (*FORMATS, "") if path.lower().endswith(kind))
    with osmium.io.Reader(osmium.io.File(path, kind)) as reader:
        file = osmium.io.File(target, "pbf,pbf_compression=none,add_metadata=timestamp+version")
        writer: Any = osmium.SimpleWriter(file, 4 * 2**20, reader.header())
        try:
            if sort:
                pile: Any = osmium.MergeInputReader()
                pile.add_file(path)
                pile.apply(writer, simplify=True)
            else:
                osmium.apply(reader, writer)
        finally:
            writer.close()


def write_apart(path: str, target: str) -> None:
    """Do the same in a process of its own; raises RuntimeError for files over which osmium gives up or breaks down."""
    import subprocess

    # Without -P the modules beside this file would stand before those of Python itself.
    words = [sys.executable, "-P", __file__, path, target]
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode < 0:
        raise RuntimeError("it is damaged so that osmium broke down over it")
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or "osmium says nothing").splitlines()[-1])


if __name__ == "__main__":
    try:
        write_anew(*sys.argv[1:])
    except Exception as error:  # noqa: BLE001 - the reader of this line tells it
        sys.exit(str(error))
