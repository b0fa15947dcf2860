"""Shelf: columns in a file, as they are in memory, so that reading them takes no longer than the disk does.

A line that names the format, the sum of what follows the head, a head in JSON that tells name, type, shape and offset
of every column, and the columns, each at a multiple of 64 bytes.
"""

from __future__ import annotations

import json
import math
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import BinaryIO

    from numpy.typing import NDArray

    Columns = dict[str, NDArray[Any]]

FORMAT = b"doorstep columns 1\n"
ALIGNED = 64
"""Bytes."""
KINDS = frozenset("?bfiu")
"""Of numbers, the only ones that are kept."""


def write_columns(file: BinaryIO, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns of numbers one behind the other."""
    rows, offset = [], 0
    kept = {name: np.ascontiguousarray(column) for name, column in columns.items()}
    for name, column in kept.items():
        if column.dtype.kind not in KINDS:
            raise TypeError(f"{name} is no column of numbers")
        rows.append((name, column.dtype.str, column.shape, offset))
        offset += -(-column.nbytes // ALIGNED) * ALIGNED
    head = json.dumps(rows).encode()
    head += b" " * (-(len(FORMAT) + 8 + len(head)) % ALIGNED)
    total = _sum(head, kept.values())
    file.write(FORMAT + total.to_bytes(4, "little") + len(head).to_bytes(4, "little") + head)
    for column in kept.values():
        file.write(column.tobytes())
        file.write(bytes(-column.nbytes % ALIGNED))


def read_columns(file: BinaryIO) -> Columns:
    """Return the columns that were written; raises ValueError if a byte of them is not as it was."""
    raw = np.fromfile(file, np.uint8)
    begin = len(FORMAT) + 8
    if len(raw) < begin or raw[: len(FORMAT)].tobytes() != FORMAT:
        raise ValueError("these are no columns")
    told, size = raw[len(FORMAT) : begin].view("<u4").tolist()
    head = raw[begin : begin + size].tobytes()
    columns = {}
    for name, kind, shape, offset in json.loads(head):
        at = begin + size + offset
        dtype = np.dtype(kind)
        columns[name] = raw[at : at + dtype.itemsize * math.prod(shape)].view(dtype).reshape(shape)
    if _sum(head, columns.values()) != told:
        raise ValueError("the columns are damaged")
    return columns


def _sum(head: bytes, columns: Iterable[NDArray[Any]]) -> int:
    """Return the check sum of a head and the columns that it tells of."""
    total = zlib.crc32(head)
    for column in columns:
        total = zlib.crc32(column.data if column.size else b"", total)
    return total
