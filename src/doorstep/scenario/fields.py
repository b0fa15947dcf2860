"""The kinds of fields that a scenario file has, each with what an editor should know of it, and what tables keep to."""

from __future__ import annotations

import difflib
import math
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from doorstep.modes.names import name_misfit
from doorstep.scenario.quantity import (
    CLOCK_PATTERN,
    DURATION,
    LENGTH,
    MASS,
    SPEED,
    VOLUME,
    MisfitError,
    Scale,
    clock,
    measured,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Table(BaseModel):
    """What all tables keep to: no unknown keys, no silent change of type, no change at all afterwards."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        validate_default=True,
    )


def checked(read: Callable[[object], object]) -> BeforeValidator:
    """Return a validator that hands the words of a misfit on to the reader of the file."""

    def validator(written: object) -> object:
        try:
            return read(written)
        except MisfitError as misfit:
            raise PydanticCustomError("misfit", "{what}", {"what": misfit.what, "fix": misfit.fix}) from misfit

    return BeforeValidator(validator)


def _quantity(scale: Scale) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(written: object) -> object:
        return measured(written, scale)

    schema = {"type": "string", "pattern": scale.pattern, "examples": [scale.example], "stated": True}
    return checked(read), WithJsonSchema(schema)


def _finite(written: object) -> bool:
    return isinstance(written, (int, float)) and not isinstance(written, bool) and math.isfinite(written)


def _position(written: object) -> object:
    """Return a pair of degrees."""
    parts = written if isinstance(written, list) else []
    if len(parts) == 2 and all(map(_finite, parts)):  # noqa: PLR2004  # a pair
        return float(parts[0]), float(parts[1])
    raise MisfitError(
        "a place is a pair of numbers, [longitude, latitude]", "write degrees with decimal points, as in [24.94, 60.17]"
    )


def _position_or_auto(written: object) -> object:
    return written if written == "auto" else _position(written)


def names(*words: str) -> BeforeValidator:
    """Return a validator of a list of names, or one of a few words in its place."""

    def read(written: object) -> object:
        if isinstance(written, str) and written in words:
            return written
        if isinstance(written, list) and all(isinstance(name, str) for name in written):
            return tuple(written)
        given = f"'{written}'" if isinstance(written, str) else "this"
        one_of = ", ".join(words)
        raise MisfitError(f"{given} is neither a list of names nor one of: {one_of}", "write names as in [a, b]")

    return checked(read)


def _hours(written: object) -> object:
    if isinstance(written, list) and len(written) == 2:  # noqa: PLR2004  # a pair
        return clock(written[0]), clock(written[1])
    raise MisfitError("hours are a pair of clock times", "write them as in [07:00, 21:00]")


def _name(written: object) -> object:
    """Return a name that can be part of the name of a file."""
    wrong = name_misfit(written) if isinstance(written, str) else None
    if wrong:
        raise MisfitError(*wrong)
    return written


def _span(written: object) -> object:
    if isinstance(written, list) and len(written) == 2:  # noqa: PLR2004  # a pair
        return measured(written[0], LENGTH), measured(written[1], LENGTH)
    raise MisfitError("a span is a pair of lengths", "write it as in [300 m, 500 m]")


def _reserve(written: object) -> object:
    if isinstance(written, bool):
        return written
    if not isinstance(written, list):
        raise MisfitError("`reserve` is true, false or a list of kinds", "write true, or a list as in [door]")
    for kind in written:
        if kind not in KINDS:
            near = difflib.get_close_matches(str(kind), KINDS, n=1)
            hint = f"did you mean '{near[0]}'? " if near else ""
            raise MisfitError(f"'{kind}' is no kind of handover", f"{hint}one of: {', '.join(KINDS)}")
    return tuple(written)


def _steady(written: object) -> object:
    """Return numbers by size, or the word for what a day like this one leaves."""
    if written == "steady":
        return written
    if not isinstance(written, dict):
        raise MisfitError("occupied compartments are numbers by size", "write {S: 3, M: 2}, or steady")
    for size, count in written.items():
        if size not in SIZES:
            raise MisfitError(f"'{size}' is no size of compartments", f"one of: {', '.join(SIZES)}")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST:
            raise MisfitError(f"{size}: {count} is no number of compartments", "write a whole number, 0 or more")
    return written


def _arrival(written: object) -> object:
    if isinstance(written, str):
        return written
    if isinstance(written, list) and all(map(_finite, written)):
        return tuple(map(float, written))
    raise MisfitError("an arrival profile is a name or 24 numbers", "write `day`, `evening`, or a list of 24 weights")


def _surge(written: object) -> object:
    """Return the name of a surge, or the factors of its days."""
    if isinstance(written, str) and written.strip():
        return written
    if isinstance(written, list) and written and all(map(_finite, written)):
        return tuple(map(float, written))
    raise MisfitError("a surge is a name or a list of numbers, one a day", "write `double-11-2024`, or [1.2, 1.5]")


def _traffic(written: object) -> object:
    """Return a factor, or the name of a profile or of a file."""
    if isinstance(written, str) and (found := re.fullmatch(r"\s*([0-9]+)([.,][0-9]+)?\s*", written)):
        fix = f"write it without quotes, and with a point: {found[1]}{(found[2] or '').replace(',', '.')}"
        raise MisfitError(f"'{written}' is a text", fix)
    if isinstance(written, str) and written.strip():
        return written
    if not _finite(written):
        raise MisfitError("traffic is a factor or the name of a profile", "write it as in 1.2 or european-city")
    if not 0 < float(written) <= MOST_TRAFFIC:  # type: ignore[arg-type]
        fix = "write travel time divided by that at free flow, as in 1.2"
        raise MisfitError(f"{written} is not above 0 and at most {MOST_TRAFFIC}", fix)
    return float(written)  # type: ignore[arg-type]


def _bearing(written: object) -> object:
    """Return degrees clockwise from north of a number or a point of the compass."""
    text = str(written).strip().upper() if isinstance(written, str) else ""
    if text in COMPASS:
        return 360.0 * COMPASS.index(text) / len(COMPASS)
    if _finite(written) and 0 <= float(written) <= 360:  # type: ignore[arg-type]  # noqa: PLR2004  # a full turn
        return float(written) % 360  # type: ignore[arg-type]
    told = f"'{written}'" if isinstance(written, str) else str(written).lower()
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*(?:°|DEG|DEGREES)?", text)
    fix = f"write the number alone: {found[1]}" if found else "write 0 to 360 (90 is east), or a point such as N or WSW"
    raise MisfitError(f"{told} is no direction", fix)


def default(value: object, *, source: str = "", estimate: str = "", alias: str | None = None) -> Any:
    """Return a field with a default that says where its number comes from."""
    extra: dict[str, Any] = {"source": source} if source else {"estimate": estimate}
    return Field(default=value, alias=alias, json_schema_extra=extra)


MOST_TRAFFIC = 100
"""Beyond, somebody has mistaken a factor for a speed."""
COMPASS = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"]
"""Points of the compass, clockwise from north."""
SIZES = ("S", "M", "L", "XL")
KINDS = ("door", "kerb", "yard", "locker", "kiosk")
_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "examples": [[24.94, 60.17]]}
_CLOCK = {"type": "string", "pattern": CLOCK_PATTERN, "examples": ["07:30"], "stated": True}
_NAMES = {"type": "array", "items": {"type": "string"}}

Duration = Annotated[float, *_quantity(DURATION)]
Length = Annotated[float, *_quantity(LENGTH)]
Mass = Annotated[float, *_quantity(MASS)]
Volume = Annotated[float, *_quantity(VOLUME)]
Speed = Annotated[float, *_quantity(SPEED)]
Clock = Annotated[float, checked(clock), WithJsonSchema(_CLOCK)]
Hours = Annotated[
    tuple[float, float],
    checked(_hours),
    WithJsonSchema({"type": "array", "items": _CLOCK, "minItems": 2, "maxItems": 2, "stated": True}),
]
Position = Annotated[tuple[float, float], checked(_position), WithJsonSchema(_POSITION)]
PositionOrAuto = Annotated[
    tuple[float, float] | Literal["auto"],
    checked(_position_or_auto),
    WithJsonSchema({"anyOf": [_POSITION, {"const": "auto", "type": "string"}]}),
]
Bounds = Annotated[tuple[float, float, float, float], Field(strict=False)]
MOST = 1_000_000
"""More vehicles, orders, compartments, steps, or money per hour or order, than this were hardly meant."""
Name = Annotated[str, checked(_name)]
Text = Annotated[str, Field(pattern=r"\S")]
"""Words, and not nothing."""
Count = Annotated[int, Field(ge=0, le=MOST, json_schema_extra={"stated": True})]
Seed = Annotated[int, Field(ge=0, lt=2**63, json_schema_extra={"stated": True})]
Number = Annotated[float, Field(json_schema_extra={"stated": True})]
Positive = Annotated[float, Field(gt=0, json_schema_extra={"stated": True})]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"stated": True})]
Kind = Literal["door", "kerb", "yard", "locker", "kiosk"]
Kinds = Annotated[tuple[Kind, ...], Field(strict=False)]
Sizes = dict[Literal["S", "M", "L", "XL"], Count]
SizesOrSteady = Annotated[
    dict[str, int] | Literal["steady"],
    checked(_steady),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "object",
                    "propertyNames": {"enum": ["S", "M", "L", "XL"]},
                    "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST},
                },
                {"const": "steady"},
            ],
            "stated": True,
        }
    ),
]
AllNoneOrNames = Annotated[
    tuple[str, ...] | Literal["all", "none"],
    names("all", "none"),
    WithJsonSchema({"anyOf": [{"enum": ["all", "none"]}, _NAMES]}),
]
AllOrNames = Annotated[
    tuple[str, ...] | Literal["all"] | None, names("all"), WithJsonSchema({"anyOf": [{"const": "all"}, _NAMES]})
]
BoolOrKinds = Annotated[
    bool | tuple[Kind, ...],
    checked(_reserve),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"enum": list(KINDS)}}]}),
]
Arrival = Annotated[
    str | tuple[float, ...],
    checked(_arrival),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "number"}}]}),
]
Surge = Annotated[
    str | tuple[float, ...],
    checked(_surge),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "number", "minimum": 0}}]}),
]
Hourly = Annotated[
    float | str,
    checked(_traffic),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": MOST_TRAFFIC},
                {"type": "string", "pattern": r"\S", "examples": ["european-city"]},
            ],
            "stated": True,
        }
    ),
]
Bearing = Annotated[
    float,
    checked(_bearing),
    WithJsonSchema(
        {
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 360}, {"enum": COMPASS}],
            "stated": True,
        }
    ),
]
LengthSpan = Annotated[
    tuple[float, float],
    checked(_span),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "pattern": LENGTH.pattern},
            "minItems": 2,
            "maxItems": 2,
            "stated": True,
        }
    ),
]
