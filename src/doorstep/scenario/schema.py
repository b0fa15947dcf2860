"""The tables of a scenario file, with units for people; pydantic is known here and in the files of further tables."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationError

from doorstep.scenario.banks import LockerCount, LockerTable
from doorstep.scenario.fields import (
    MOST,
    AllNoneOrNames,
    AllOrNames,
    Arrival,
    BoolOrKinds,
    Bounds,
    Clock,
    Count,
    Duration,
    Hourly,
    Hours,
    Kinds,
    Length,
    LengthSpan,
    Mass,
    Name,
    PositionOrAuto,
    Seed,
    Share,
    Speed,
    Table,
    Text,
    Volume,
    default,
)
from doorstep.scenario.platforms import PlatformTable  # noqa: TC001 - read by pydantic
from doorstep.scenario.surroundings import FlightTable, TerrainTable, WeatherTable  # noqa: TC001 - read by pydantic


class NoFlyTable(Table):
    """Zones that nothing may fly into, and how far off flights keep."""

    file: Text
    """Polygons: a .geojson, .gpkg or .wkt file."""
    margin: Length = default("50 m", estimate="positions drift by some metres, and who reviews flights wants more")
    """Distance that flights keep from every zone."""
    crs: Text | None = None
    """The reference system of its coordinates, as `EPSG:nnnn`; by default what the file says, else degrees."""


class RobotTable(Table):
    """What sidewalk robots can do; steps they never take."""

    width: Length = default("0.8 m", estimate="a robot of 0.53 m (IEEE The Institute 2016) keeps some distance")
    """Ways narrower than this are refused."""
    incline: Share = default(0.15, estimate="nearly twice the 1 in 12 of wheelchair ramps (ADA Standards, 405.2)")
    """Steepest way, rise over run."""
    kerb: Length = default("0.03 m", estimate="what OpenStreetMap calls a lowered kerb (wiki page Key:kerb)")
    """Highest kerb that they climb."""
    roads: Speed = default("0 km/h", estimate="no law is known that lets them onto the carriageway everywhere")
    """On streets without a pavement they use the carriageway where the speed limit is at most this."""


class NetworkTable(Table):
    """Where the streets come from: exactly one of `extract`, `place`, `bbox` and `graphml`."""

    extract: Text | None = None
    """An OpenStreetMap extract on disk: .osm.pbf, .osm or .osm.gz."""
    place: Text | None = None
    """A place by name, such as `Vaduz, Liechtenstein`; fetched over the network once, then kept."""
    bbox: Bounds | None = None
    """West, south, east, north in degrees; fetched over the network once, then kept."""
    graphml: Text | None = None
    """A street graph that osmnx has saved."""
    snap_limit: Length = default("250 m", estimate="a drive or a yard is shorter, a street missing on the map longer")
    """Farthest that a hub, a locker or an order may lie from the streets."""
    traffic: Hourly = default("flat", estimate="streets at free flow at every hour, which flatters all on the road")
    """How much longer driving takes than at free flow: by the hour with the name of a profile (`european-city`,
    `chinese-metropolis`, `open-country`, `flat`) or of a CSV file of one's own, else one factor for all hours."""
    no_fly: NoFlyTable | None = None
    """Zones that nothing may fly into."""
    flight: FlightTable | None = None
    """How high flights cruise; if left out every zone holds at any altitude, and climbs are those of the modes."""
    terrain: TerrainTable | None = None
    """Heights of the ground that flights keep above."""
    ferries: bool = False
    """Whether vans and cycles take the ferries of the extract."""
    robot_rules: RobotTable | None = None
    """What sidewalk robots can do, where that differs from the defaults."""


Places = Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "places"})]


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
    pads: Places | None = None
    """Aircraft that can be loaded, or have their batteries changed, at once; any number if left out."""
    docks: Places | None = None
    """Vehicles on the ground for which that is so; any number if left out."""
    chargers: Places | None = None
    """Vehicles that can charge at once, of modes that do not change batteries; any number if left out."""
    loaders: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "people"})] | None = None
    """People who load vehicles, as many at once as each mode's `loading_staff`; drivers load themselves. Any number if
    left out; they are paid while they load."""


class VehiclesTable(Table):
    """Vehicles of one mode at one hub."""

    mode: str
    """Name of a mode; `doorstep modes` lists them."""
    count: Count
    """How many there are; only those that leave the hub cost anything."""
    hub: str | None = None
    """Name of their hub; may be left out where there is only one."""
    handover: Kinds | None = None
    """Kinds of handover they do (door, kerb, yard, locker, kiosk); all that the mode can do if left out."""
    reserve: BoolOrKinds = False
    """Kinds they do only for orders that nobody else in the configuration may take; `true` for all their kinds."""


class ConfigurationTable(Table):
    """A fleet and lockers that might serve the scenario: either `vehicles` or `combine`."""

    vehicles: Annotated[tuple[VehiclesTable, ...], Field(strict=False)] = ()
    """The fleet."""
    lockers: AllNoneOrNames = "none"
    """Lockers that it uses."""
    combine: AllOrNames = Field(default=None, validate_default=False)
    """Configurations whose fleets and lockers this one joins: of each mode at each hub as many vehicles as the
    largest of them has, free to do every kind of handover that any of them does."""
    operators: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "people"})] | None = None
    """People who watch vehicles from afar, each as many at once as their mode says; any number if left out. Where
    configurations are combined, as many as the largest number that one of them says."""


class WorkTable(Table):
    """Working hours, by law and custom."""

    hours: Hours = default(["07:00", "21:00"], estimate="parcel rounds begin in the morning and end in the evening")
    """When vehicles may be out."""
    shift: Duration = default("8 h", estimate="a full working day in Europe and, by law, in China")
    """Longest duty of a driver, break included."""
    break_after: Duration = default(
        "6 h", estimate="Directive 2002/15/EC, article 5, read for heavier vehicles than these: six hours at most"
    )
    """Longest work of a driver without a break."""
    break_: Duration = default(
        "30 min",
        estimate="Directive 2002/15/EC, article 5, read for heavier vehicles than these: half an hour",
        alias="break",
    )
    """The break's length."""
    paid_at_least: Duration = default("0 h", estimate="pay by the hour; agreements often grant some hours at the least")
    """What a driver who is called in is paid at the least."""
    overtime_after: Duration | None = None
    """Duty beyond which the premium is paid; never if left out."""
    overtime_premium: Annotated[float, Field(ge=0, le=10, json_schema_extra={"stated": True})] = default(
        0.5, estimate="half a wage on top, as China's labour law has it for hours beyond eight (article 44)"
    )
    """What an hour of overtime costs on top of the wage, as a share of it."""


class PlannerTable(Table):
    """How hard to look for a plan, and what it should hold against itself."""

    work: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True})] = default(
        400, estimate="a choice: more work finds cheaper plans and takes longer"
    )
    """Steps of the search; the same work gives the same plan."""
    time_limit: Duration = default("10 min", estimate="a choice: a stop for slow machines, not meant to be met")
    """Longest search for one configuration; a search that runs into it is not repeatable, and says so."""
    unserved_price: (
        Annotated[float, Field(ge=0, le=MOST, json_schema_extra={"stated": True, "unit": "money/order"})] | None
    ) = None
    """What leaving an order undelivered is held to cost; the price book's own if left out."""
    late_per_hour: (
        Annotated[float, Field(ge=0, le=MOST, json_schema_extra={"stated": True, "unit": "money/h"})] | None
    ) = None
    """Compensation for each hour beyond the promise; the price book's own if left out."""


class SharesTable(Table):
    """A share of the orders, by the kind of home they go to."""

    house: Share
    """Of those to houses."""
    flat: Share
    """Of those to flats."""


class SampleTable(Table):
    """Orders drawn at random over the homes of the map."""

    orders: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "orders"})]
    """How many on an ordinary day."""
    factor: Annotated[float, Field(gt=0, le=1000, json_schema_extra={"stated": True})] = 1.0
    """What this day's demand is, as a multiple of the ordinary day's."""
    arrival: Arrival = default("day", estimate="shops' and offices' hours")
    """When customers order: `day`, `evening`, `live-stream`, `flat`, or 24 weights, one an hour."""
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
    """What must be carried: exactly one of `sample` and `table`."""

    sample: SampleTable | None = None
    """Orders drawn at random."""
    table: OrderTable | None = None
    """Orders from a file."""
    absent: AbsentTable | None = None
    """Who is not there when somebody comes; everybody is if left out."""
    consolidate: bool = False
    """Whether orders of one household are handed over as one, where they fit together."""


def _counted(written: object) -> str:
    """Tell lockers by number from lockers by name."""
    given = written.get("count") if isinstance(written, dict) else written
    counted = isinstance(written, LockerCount) or (given is not None and not isinstance(given, (dict, list)))
    return "<counted>" if counted and isinstance(written, (dict, LockerCount)) else "<named>"


class ScenarioTable(Table):
    """One place, its orders, its conditions and the configurations that might serve it."""

    extends: str | None = None
    """A scenario file, or the name of a shipped one, whose values hold where this file gives none."""
    name: str | None = None
    """Short name; the file's own if left out."""
    description: str = ""
    """The question that the scenario asks."""
    prices: Text = default("euro-area-2024", estimate="a choice: the price book of the shipped scenarios")
    """Name of a price book, or the path of an own one."""
    chance: Text = default("usual", estimate="what may go otherwise on an ordinary day; asked for by `run --days`")
    """Name of a book of chance, or the path of an own one."""
    laws: Text | None = None
    """Name of a book of law (`doorstep laws`), or the path of an own one; the files of modes hold as they are if left
    out."""
    seed: Seed = default(1, estimate="any will do")
    """Where chance begins; the same seed gives the same orders."""
    network: NetworkTable
    """Where the streets come from."""
    weather: WeatherTable | None = None
    """The day's weather; still air if left out."""
    demand: DemandTable
    """What must be carried."""
    hubs: dict[Name, HubTable]
    """Where goods start, by name."""
    lockers: Annotated[
        Annotated[dict[Name, LockerTable], Tag("<named>")] | Annotated[LockerCount, Tag("<counted>")],
        Discriminator(_counted),
    ] = Field(default={})
    """Parcel lockers by name, or `count: N` of them where most doors are near."""
    configurations: dict[Name, ConfigurationTable]
    """What might serve the scenario, by name."""
    platforms: dict[Name, PlatformTable] = Field(default={})
    """Whose orders they are, where several platforms or carriers are told apart (`doorstep pool`)."""
    work: WorkTable = Field(default={}, validate_default=True)
    """Working hours."""
    planner: PlannerTable = Field(default={}, validate_default=True)
    """How hard to look for plans."""
    walk_speed: Speed = default("4.8 km/h", estimate="an adult's easy walk, with a parcel on the way back")
    """Customers on their way to a locker."""
    locker_options: Annotated[int, Field(ge=1, le=MOST, json_schema_extra={"stated": True, "unit": "lockers"})] = (
        default(3, estimate="a choice: few customers would go to a fourth")
    )
    """How many of the nearest lockers within an order's walk are considered."""
    modes: dict[Name, Text] = Field(default={})
    """Modes with files of the user's own: name of the mode, path of its YAML."""


def read_tables(plain: object) -> tuple[ScenarioTable | None, list[dict[str, Any]]]:
    """Return the tables of a document, or else everything that the schema complains of."""
    try:
        return ScenarioTable.model_validate(plain), []
    except ValidationError as error:
        found: list[dict[str, Any]] = [dict(one) for one in error.errors(include_url=False)]
        return None, found
