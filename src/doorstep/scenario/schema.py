"""The tables of a scenario file. Keys and units are for people; `doorstep schema` exports them as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from doorstep.scenario.quantity import CLOCK_PATTERN, DURATION, LENGTH, SPEED, MisfitError, Scale, clock, measured

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _checked(read: Callable[[object], object]) -> BeforeValidator:
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
    return _checked(read), WithJsonSchema(schema)


def _position(written: object) -> object:
    """Return a pair of degrees."""
    pair = isinstance(written, list) and len(written) == 2  # noqa: PLR2004  # a pair
    if pair and all(isinstance(part, (int, float)) and not isinstance(part, bool) for part in written):
        return float(written[0]), float(written[1])
    raise MisfitError(
        "a place is a pair of numbers, [longitude, latitude]", "write degrees with decimal points, as in [24.94, 60.17]"
    )


def _position_or_auto(written: object) -> object:
    return written if written == "auto" else _position(written)


def _names(*words: str) -> BeforeValidator:
    """Return a validator of a list of names, or one of a few words in its place."""

    def read(written: object) -> object:
        if isinstance(written, str) and written in words:
            return written
        if isinstance(written, list) and all(isinstance(name, str) for name in written):
            return tuple(written)
        given = f"'{written}'" if isinstance(written, str) else "this"
        one_of = ", ".join(words)
        raise MisfitError(f"{given} is neither a list of names nor one of: {one_of}", "write names as in [a, b]")

    return _checked(read)


def _hours(written: object) -> object:
    if isinstance(written, list) and len(written) == 2:  # noqa: PLR2004  # a pair
        return clock(written[0]), clock(written[1])
    raise MisfitError("hours are a pair of clock times", "write them as in [07:00, 21:00]")


def _default(value: object, *, source: str = "", estimate: str = "") -> Any:
    """Return a field with a default that says where its number comes from."""
    extra: dict[str, Any] = {"source": source} if source else {"estimate": estimate}
    return Field(default=value, json_schema_extra=extra)


KINDS = ("door", "kerb", "yard", "locker")
_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "examples": [[24.94, 60.17]]}
_CLOCK = {"type": "string", "pattern": CLOCK_PATTERN, "examples": ["07:30"], "stated": True}
_NAMES = {"type": "array", "items": {"type": "string"}}

Duration = Annotated[float, *_quantity(DURATION)]
Length = Annotated[float, *_quantity(LENGTH)]
Speed = Annotated[float, *_quantity(SPEED)]
Clock = Annotated[float, _checked(clock), WithJsonSchema(_CLOCK)]
Hours = Annotated[
    tuple[float, float],
    _checked(_hours),
    WithJsonSchema({"type": "array", "items": _CLOCK, "minItems": 2, "maxItems": 2, "stated": True}),
]
Position = Annotated[tuple[float, float], _checked(_position), WithJsonSchema(_POSITION)]
PositionOrAuto = Annotated[
    tuple[float, float] | Literal["auto"],
    _checked(_position_or_auto),
    WithJsonSchema({"anyOf": [_POSITION, {"const": "auto", "type": "string"}]}),
]
Bounds = Annotated[tuple[float, float, float, float], Field(strict=False)]
Count = Annotated[int, Field(ge=0, json_schema_extra={"stated": True})]
Number = Annotated[float, Field(json_schema_extra={"stated": True})]
Positive = Annotated[float, Field(gt=0, json_schema_extra={"stated": True})]
Share = Annotated[float, Field(ge=0, le=1, json_schema_extra={"stated": True})]
Kind = Literal["door", "kerb", "yard", "locker"]
Kinds = Annotated[tuple[Kind, ...], Field(strict=False)]
Sizes = dict[Literal["S", "M", "L", "XL"], Count]


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


class NetworkTable(Table):
    """Where the streets come from: exactly one of `extract`, `place`, `bbox` and `graphml`."""

    extract: str | None = None
    """An OpenStreetMap extract on disk: .osm.pbf, .osm or .osm.gz."""
    place: str | None = None
    """A place by name, such as `Vaduz, Liechtenstein`; fetched over the network once, then kept."""
    bbox: Bounds | None = None
    """West, south, east, north in degrees; fetched over the network once, then kept."""
    graphml: str | None = None
    """A street graph that osmnx has saved."""
    snap_limit: Length = _default("250 m", estimate="a drive or a yard is shorter, a street missing on the map longer")
    """Farthest that a hub, a locker or an order may lie from the streets."""
    traffic: Positive = _default(1.0, estimate="streets at free flow, which flatters everything on the road")
    """Travel time on roads divided by the time at free flow."""


class StemTable(Table):
    """The road between a hub outside of the map and the gate where it meets the map."""

    length: Length
    """By road, from the hub to the gate."""
    time: Duration
    """By road at free flow, from the hub to the gate."""
    gate: PositionOrAuto = "auto"
    """Where the road enters the map; `auto` is the point of the road network that is nearest to the hub."""


class HubTable(Table):
    """Where goods start."""

    place: PositionOrAuto
    """Longitude and latitude; `auto` is the point of the streets in the middle of the doors."""
    stem: StemTable | None = None
    """The road to the map, for a hub that lies outside of it."""


class LockerTable(Table):
    """One bank of compartments."""

    place: PositionOrAuto
    """Longitude and latitude; `auto` is where most doors are near that no other locker is near to."""
    compartments: Sizes = _default(
        {"S": 32, "M": 29, "L": 18, "XL": 0}, source="rudy2025"
    )
    """How many of each size (S, M, L, XL) there are."""
    occupied: Sizes = _default({}, estimate="empty at the start of the day, which flatters the locker")
    """How many of each size still hold parcels of the days before."""
    hours: Hours = _default(["00:00", "48:00"], estimate="lockers stand in the open, day and night")
    """When couriers and customers can get at it."""


class LockerCount(Table):
    """So many lockers, placed one after the other where most doors are near that no other locker is near to."""

    count: Count
    """How many banks."""
    compartments: Sizes = LockerTable.model_fields["compartments"]
    """How many of each size (S, M, L, XL) each bank has."""
    occupied: Sizes = LockerTable.model_fields["occupied"]
    """How many of each size still hold parcels of the days before, in each bank."""
    hours: Hours = LockerTable.model_fields["hours"]
    """When couriers and customers can get at them."""


class VehiclesTable(Table):
    """Vehicles of one mode at one hub."""

    mode: str
    """Name of a mode; `doorstep modes` lists them."""
    count: Count
    """How many there are; only those that leave the hub cost anything."""
    hub: str | None = None
    """Name of their hub; may be left out where there is only one."""
    handover: Kinds | None = None
    """Kinds of handover they do (door, kerb, yard, locker); all that the mode can do if left out."""
    reserve: Annotated[
        bool | tuple[Kind, ...],
        BeforeValidator(lambda written: tuple(written) if isinstance(written, list) else written),
        WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "array", "items": {"enum": list(KINDS)}}]}),
    ] = False
    """Kinds they do only for orders that nobody else in the configuration may take; `true` for all their kinds."""


class ConfigurationTable(Table):
    """A fleet and lockers that might serve the scenario: either `vehicles` or `combine`."""

    vehicles: Annotated[tuple[VehiclesTable, ...], Field(strict=False)] = ()
    """The fleet."""
    lockers: Annotated[
        tuple[str, ...] | Literal["all", "none"],
        _names("all", "none"),
        WithJsonSchema({"anyOf": [{"enum": ["all", "none"]}, _NAMES]}),
    ] = "none"
    """Lockers that it uses."""
    combine: Annotated[
        tuple[str, ...] | Literal["all"] | None,
        WithJsonSchema({"anyOf": [{"const": "all"}, _NAMES]}),
        _names("all"),
    ] = Field(default=None, validate_default=False)
    """Configurations whose fleets and lockers this one joins: of each mode at each hub as many vehicles as the
    largest of them has, free to do every kind of handover that any of them does."""


class WorkTable(Table):
    """Working hours, by law and custom."""

    hours: Hours = _default(["07:00", "21:00"], estimate="parcel rounds begin in the morning and end in the evening")
    """When vehicles may be out."""
    shift: Duration = _default("8 h", estimate="a full working day in Europe and, by law, in China")
    """Longest duty of a driver, break included."""
    break_after: Duration = _default(
        "6 h", estimate="Directive 2002/15/EC, article 5, read for heavier vehicles than these: six hours at most"
    )
    """Longest work of a driver without a break."""
    break_: Duration = Field(
        default="30 min",
        alias="break",
        json_schema_extra={
            "estimate": "Directive 2002/15/EC, article 5, read for heavier vehicles than these: half an hour"
        },
    )
    """The break's length."""


class PlannerTable(Table):
    """How hard to look for a plan, and what it should hold against itself."""

    work: Count = _default(400, estimate="a choice: more work finds cheaper plans and takes longer")
    """Steps of the search; the same work gives the same plan."""
    time_limit: Duration = _default("10 min", estimate="a choice: a stop for slow machines, not meant to be met")
    """Longest search for one configuration; a search that runs into it is not repeatable, and says so."""
    unserved_price: Annotated[float, Field(ge=0, json_schema_extra={"stated": True, "unit": "money/order"})] | None = (
        None
    )
    """What leaving an order undelivered is held to cost; the price book's own if left out."""
    late_per_hour: Annotated[float, Field(ge=0, json_schema_extra={"stated": True, "unit": "money/h"})] | None = None
    """Compensation for each hour beyond the promise; the price book's own if left out."""
