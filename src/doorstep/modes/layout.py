"""What the files of modes and price books hold: every key, its quantity and its bounds."""

from __future__ import annotations

from doorstep.handover import Handover
from doorstep.modes.entries import Rule, Table
from doorstep.network.network import Medium

CARRIERS = ("electricity", "diesel")
_TIME = Rule("time", high=6 * 3600)
_HANDOVERS = Table({kind.value: _TIME for kind in Handover}, choice=True)
_OWNERSHIP = Table(
    {
        "price": Rule("money"),
        "life": Rule("years", above=True, high=50),
        "wear": Rule("money per km"),
        "battery_price": Rule("money"),
        "battery_cycles": Rule("cycles", above=True, endless=True),
        "site_price": Rule("money"),
        "site_life": Rule("years", above=True, high=50),
        "insurance": Rule("money per day"),
    },
)
MODE = Table(
    {
        "medium": Rule("word", words=tuple(medium.value for medium in Medium)),
        "carrier": Rule("word", words=CARRIERS),
        "has_driver": Rule("yes or no"),
        "max_speed": Rule("speed", above=True, high=100),
        "payload": Rule("mass", above=True, high=40_000),
        "capacity": Rule("volume", above=True, high=100_000),
        "max_parcels": Rule("parcels", low=1, whole=True),
        "service": _HANDOVERS,
        "setup": _HANDOVERS,
        "load": _TIME,
        "turnaround": _TIME,
        "range": Rule("length", above=True, endless=True),
        "battery": Rule("energy", above=True, endless=True),
        "reserve": Rule("share", high=0.95),
        "energy": Rule("use", above=True),
        "energy_per_stop": Rule("energy"),
        "vehicles_per_operator": Rule("vehicles", above=True, endless=True),
        "loading_staff": Rule("people"),
        "ownership": _OWNERSHIP,
    },
    plain=("name", "label"),
)
PRICES = Table(
    {
        "wages": Table({who: Rule("money per hour") for who in ("driver", "operator", "loader")}),
        "energy": Table({carrier: Rule(f"price of {carrier}") for carrier in CARRIERS}),
        "carbon": Table({carrier: Rule(f"carbon of {carrier}", high=10) for carrier in CARRIERS}),
        "interest": Rule("share", high=1),
        "operating_days": Rule("days", above=True, high=366),
        "exchange": Table({}, open_to=Rule("exchange", above=True)),
        "lockers": Table(
            {
                "price": Rule("money"),
                "compartments": Rule("compartments", low=1, whole=True),
                "life": Rule("years", above=True, high=50),
                "running": Rule("money per day"),
            },
        ),
        "hub": Rule("money per day"),
        "unserved": Rule("money per order", above=True),
        "late": Rule("money per hour"),
        "vehicles": Table({}, open_to=_OWNERSHIP),
    },
    plain=("name", "label", "currency", "year"),
    optional=("vehicles",),
)
