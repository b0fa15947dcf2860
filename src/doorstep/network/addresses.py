"""Addresses: records of many arrays that compiled functions hand on as one number, where the record lies.

numba hands a named tuple on field by field, an array being seven numbers and more. Where two dozen arrays go from
function to function, this is most of what is compiled. Here the record is written down once, as Python calls, and
every compiled function below reads from there what it needs.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, TypeVar

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

T = TypeVar("T", bound=type)


class Address(types.Type):
    """Where a named tuple lies; its fields are read as those of the tuple, and none can be replaced."""

    def __init__(self, record: Any) -> None:
        self.dtype = record
        # The name is part of each function's name: that of all fields would be thousands of letters.
        digest = blake2b(str(record).encode(), digest_size=6).hexdigest()
        super().__init__(name=f"Address({record.instance_class.__name__}, {digest})")


register_model(Address)(models.PointerModel)


def by_address(record: T) -> T:
    """Let compiled functions take a class of named tuples by address."""

    @typeof_impl.register(record)
    def _(value: Any, context: Any) -> Any:
        return Address(types.BaseTuple.from_types([typeof_impl(field, context) for field in value], type(value)))

    return record


@infer_getattr
class _Fields(AttributeTemplate):
    key = Address

    def generic_resolve(self, record: Any, name: str) -> Any:  # type: ignore[override]
        """Return the type of a field."""
        fields = record.dtype.fields
        return record.dtype[fields.index(name)] if name in fields else None


@lower_getattr_generic(Address)
def _read(context: Any, builder: Any, record: Any, address: Any, name: str) -> Any:
    """Read a field."""
    k = record.dtype.fields.index(name)
    stored = _fixed(builder, cgutils.gep_inbounds(builder, address, 0, k), context.get_data_type(record.dtype[k]))
    return context.data_model_manager[record.dtype[k]].from_data(builder, stored)


def _fixed(builder: Any, place: Any, kind: Any) -> Any:
    """Read what never changes while compiled functions run, so that it need not be read again after each write."""
    if not isinstance(kind, (ir.LiteralStructType, ir.ArrayType)):
        value = builder.load(place)
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value
    whole = ir.Constant(kind, ir.Undefined)
    for k, part in enumerate(kind.elements if isinstance(kind, ir.LiteralStructType) else [kind.element] * kind.count):
        whole = builder.insert_value(whole, _fixed(builder, cgutils.gep_inbounds(builder, place, 0, k), part), k)
    return whole


@unbox(Address)
def _write(record: Any, value: Any, c: Any) -> Any:
    """Write a tuple down for as long as the call from Python lasts."""
    fields = c.unbox(record.dtype, value)
    place = cgutils.alloca_once(c.builder, c.context.get_data_type(record.dtype))
    c.builder.store(c.context.data_model_manager[record.dtype].as_data(c.builder, fields.value), place)
    # An empty instruction hides where the address is from: no read may be moved before the writing above.
    same = ir.FunctionType(place.type, [place.type])
    hidden = c.builder.asm(same, "", "=r,0,~{memory}", [place], side_effect=True)
    return NativeValue(hidden, is_error=fields.is_error, cleanup=fields.cleanup)
