"""Tables of demand: what must be carried, drawn at random, foretold from past orders, or as a table has it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from doorstep.scenario.fields import (
    MOST,
    Arrival,
    Clock,
    Duration,
    Hours,
    Kinds,
    Length,
    LengthSpan,
    Mass,
    Share,
    Surge,
    Table,
    Text,
    Volume,
    default,
)


class SharesTable(Table):
    """A share of the orders, by the kind of home they go to."""

    house: Share
    """Of those to houses."""
    flat: Share
    """Of those to flats."""


class DrawnTable(Table):
    """What orders that are drawn have in common, wherever their number comes from."""

    placed: Literal["yesterday", "today"] = default("yesterday", estimate="next-day delivery is the ordinary case")
    """Whether orders are placed on the day before they are delivered, or on the day itself."""
    cutoff: Clock = default("22:00", estimate="parcels of the evening still make the night's lorry")
    """Orders placed later belong to the next day's delivery; those of the evening before to this one's."""
    preparation: Duration = default("1 h", estimate="to pick, pack and sort")
    """From the placing of an order until its parcel can be loaded."""
    ready_from: Clock = default("07:00", estimate="the night's lorry is unloaded")
    """No parcel can be loaded before."""
    hours: Hours = default(["08:00", "20:00"], estimate="customary hours of parcel delivery")
    """When customers without a window of their own can be served."""
    window_share: Share = default(0.2, estimate="most parcels need nobody in a narrow window")
    """Share of the orders with a narrow window of their own, whose end is then their promise."""
    household_share: Share = default(0.0, estimate="unknown; each order is taken to go to a home of its own")
    """Share of the orders that go to the home of an earlier order of the day."""
    return_share: Share = default(0.0, estimate="deliveries alone; three in five parcels of some sellers come back")
    """Share of the orders that are returns: fetched at the customer's, or out of a locker, and brought to the hub."""
    window_length: Duration = default("2 h", estimate="a customary choice of windows")
    """Length of those windows."""
    promise_by: Clock | None = default("20:00", estimate="the end of the delivery hours")
    """Clock time by which customers were told to have it; not used where `promise_after` is given."""
    promise_after: Duration | None = None
    """Time after placing within which customers were told to have it."""
    mass_bound: Mass = default("2.27 kg", source="bezos2013")
    """Mass that a known share of parcels stays below."""
    mass_share_below: Annotated[float, Field(gt=0, lt=1, json_schema_extra={"stated": True})] = default(
        0.86, source="bezos2013"
    )
    """That share."""
    mass_sigma: Annotated[float, Field(ge=0, le=10, json_schema_extra={"stated": True})] = default(
        1.0, estimate="a spread of e to either side of the median"
    )
    """Spread of the logarithm of mass."""
    mass_max: Mass = default("31.5 kg", estimate="the heaviest that parcel services carry")
    """Heavier draws are taken as this."""
    density: Annotated[float, Field(ge=0.001, le=25, json_schema_extra={"stated": True, "unit": "kg/L"})] = default(
        0.2, estimate="5 L a kilogram, at which couriers begin to charge by volume"
    )
    """Middle density of parcels, kilograms a litre."""
    density_sigma: Annotated[float, Field(ge=0, le=10, json_schema_extra={"stated": True})] = default(
        0.5, estimate="two thirds of parcels within a factor of 1.65"
    )
    """Spread of the logarithm of density."""
    volume_max: Volume = default("150 L", estimate="about the largest that parcel services carry")
    """Larger draws are taken as this."""
    kerb: SharesTable = default({"house": 0.7, "flat": 0.5}, estimate="most would come out, fewer from upstairs")
    """Who would come out to the kerb."""
    yard: SharesTable = default({"house": 0.6, "flat": 0.1}, estimate="few flats have a yard of their own")
    """Who would have it set down from the air."""
    locker: SharesTable = default({"house": 0.5, "flat": 0.7}, estimate="who lives in a flat lives nearer to one")
    """Who would fetch it from a locker."""
    landing_place: SharesTable = default({"house": 0.8, "flat": 0.05}, estimate="gardens and yards are with houses")
    """Who has a place where an aircraft can set a parcel down."""
    walk_limit: LengthSpan = default(["300 m", "500 m"], estimate="300 to 500 m in town; 1 to 2 km in a village")
    """How far customers walk to a locker, one way: evenly spread between the two."""


class SampleTable(DrawnTable):
    """Orders drawn at random over the homes of the map."""

    orders: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "orders"})]
    """How many on an ordinary day."""
    factor: Annotated[float, Field(gt=0, le=1000, json_schema_extra={"stated": True})] = 1.0
    """What this day's demand is, as a multiple of the ordinary day's."""
    arrival: Arrival = default("day", estimate="shops' and offices' hours")
    """When customers order: `day`, `evening`, `live-stream`, `flat`, or 24 weights, one an hour."""


class HistoryTable(DrawnTable):
    """Orders of a day that is foretold from past ones: their number, hours and places (`doorstep forecast`)."""

    file: Text
    """Path of a table of past orders: `placed`, `lon`, `lat`, or LaDe's columns."""
    day: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2024-05-01"])] | None = None
    """On which orders are placed, as 2024-05-01; the day after the table's last if left out."""
    draw: Literal["expected", "p10", "p50", "p90", "p95", "sampled"] = default(
        "expected", estimate="a choice: the day that is to be expected; p90 is a busy one, sampled one of chance"
    )
    """How many orders that day has: the mean, what it stays below with that probability, or a day of chance."""
    factor: Annotated[float, Field(gt=0, le=1000, json_schema_extra={"stated": True})] = 1.0
    """What this day's demand is, as a multiple of what is foretold."""
    columns: dict[str, str] = Field(default={})
    """Which of the table's columns holds what, as `placed: ordered_at`."""
    zone: Text | None = None
    """Whose clock the hours are, as Europe/Helsinki; that which is written if left out."""
    year: Annotated[int, Field(ge=1970, le=2200)] | None = None
    """Year of the last times, where they name none, as LaDe's do."""


class OrderTable(Table):
    """Orders of the user's own: CSV, GeoJSON or GeoPackage."""

    file: Text
    """Path of the table."""
    columns: dict[str, str] = Field(default={})
    """Which of the table's columns holds what, as `mass_kg: weight`."""
    placed: Clock = default("18:00", estimate="most private customers order after work")
    """When orders were placed, where the table does not say."""
    placed_day: Literal["yesterday", "today"] = default("yesterday", estimate="next-day delivery is the ordinary case")
    """Of which day that is."""
    preparation: Duration = default("1 h", estimate="to pick, pack and sort")
    """From placing until a parcel can be loaded, where the table does not say."""
    ready_from: Clock = default("07:00", estimate="the night's lorry is unloaded")
    """But not before."""
    window: Hours = default(["08:00", "20:00"], estimate="customary hours of parcel delivery")
    """When customers can be served, where the table does not say."""
    dwelling: Literal["house", "flat"] = default("house", estimate="flatters drones, as houses have yards")
    """What the orders go to, where the table does not say."""
    landing_place: bool = default(True, estimate="gardens and yards are with houses")
    """Whether houses have a place where an aircraft can set a parcel down, where the table does not say."""
    accepts: Kinds = default(["door", "kerb", "yard", "locker"], estimate="nobody has objected")
    """Kinds of handover that customers accept, where the table does not say."""
    walk_limit: Length = default("500 m", estimate="300 to 500 m in town; 1 to 2 km in a village")
    """How far customers walk to a locker, one way, where the table does not say."""


NoShow = Annotated[float, Field(ge=0, le=0.9, json_schema_extra={"stated": True})]


class AbsentTable(Table):
    """Customers who are not there when somebody comes, each time anew."""

    door: NoShow = default(0.0, estimate="somebody is always in, which flatters the door; counts differ from 3 to 25 %")
    """Share of handovers at the door that find nobody."""
    kerb: NoShow = default(0.0, estimate="all come out in time, which flatters vehicles without a courier")
    """Share of handovers at the kerb for which nobody comes out."""
    wait: Duration = default("3 min", estimate="from 2 to 4 min are told for a failed attempt")
    """How long they are waited for."""


class DemandTable(Table):
    """What must be carried: exactly one of `sample`, `table` and `history`."""

    sample: SampleTable | None = None
    """Orders drawn at random."""
    table: OrderTable | None = None
    """Orders from a file."""
    history: HistoryTable | None = None
    """Orders foretold from past ones."""
    surge: Surge | None = None
    """Demand of several days, for `doorstep surge`: a name as `double-11-2024`, or multiples of an ordinary day."""
    absent: AbsentTable | None = None
    """Who is not there when somebody comes; everybody is if left out."""
    consolidate: bool = False
    """Whether orders of one household are handed over as one, where they fit together."""
