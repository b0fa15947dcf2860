"""The tables of a scenario file about the air and what is below it: flights, terrain and weather."""

from __future__ import annotations

from pydantic import Field

from doorstep.scenario.fields import Bearing, Length, Speed, Table, Text


class FlightTable(Table):
    """How high flights cruise, and how fast they get there."""

    altitude: Length
    """Cruise altitude above the ground; over terrain above the highest ground on a flight's way."""
    climb: Speed | None = None
    """Vertical speed upwards, by which climbs are timed; if left out they take what the modes say (`climb`)."""
    descent: Speed | None = None
    """Vertical speed downwards, by which descents are timed; if left out they take what the modes say (`descent`)."""


class TerrainTable(Table):
    """Heights of the ground."""

    file: Text
    """An ESRI ASCII grid (.asc) of heights in metres."""
    crs: Text | None = None
    """The reference system of its coordinates, as `EPSG:nnnn`; by default that of the map, or degrees."""


class WindTable(Table):
    """Wind at flight altitude: either `speed` and `from`, or `file`."""

    speed: Speed | None = None
    """How fast it blows, everywhere and all day."""
    from_: Bearing | None = Field(default=None, alias="from")
    """Where it blows from: degrees clockwise from north, or a point of the compass as in WSW."""
    file: Text | None = None
    """A CSV table by the hour: `hour`, `speed_mps`, `from_deg`, and for a grid of winds `lon` and `lat`."""


class WeatherTable(Table):
    """The day's weather."""

    wind: WindTable | None = None
    """Wind at flight altitude, which makes flights faster or slower."""
