"""What the files of modes and price books hold: every key, its quantity and its bounds."""

from __future__ import annotations

from doorstep.handover import Handover
from doorstep.modes.entries import Rule, Table
from doorstep.network.network import Medium

CARRIERS = ("electricity", "diesel")
_DEAREST, _DEAREST_RATE = 1e8, 1e6
"""What is bought, and what is paid by the hour, km, kWh, day or order, hardly costs more in any currency."""
_MOST = 1e6
"""More parcels, cycles, kWh or people than this were hardly meant."""
_TIME = Rule("time", high=6 * 3600)
_PRICE = Rule("money", high=_DEAREST)
_PER_DAY = Rule("money per day", high=_DEAREST_RATE)
_PER_HOUR = Rule("money per hour", high=_DEAREST_RATE)
_LIFE = Rule("years", low=0.01, high=50)
_HANDOVERS = Table({kind.value: _TIME for kind in Handover}, choice=True)
_OWNERSHIP = Table(
    {
        "price": _PRICE,
        "life": _LIFE,
        "wear": Rule("money per km", high=_DEAREST_RATE),
        "battery_price": _PRICE,
        "battery_cycles": Rule("cycles", low=1, high=_MOST, endless=True),
        "site_price": _PRICE,
        "site_life": _LIFE,
        "insurance": _PER_DAY,
    },
)
_MASS = Rule("mass", above=True, high=40_000)
_POWER = Rule("power", high=1e6)
_AREA = Rule("area", above=True, high=1000)
_DRAG = Rule("area", high=1000)
_YIELD = Rule("share", low=0.01, high=1)
"""What comes out of what goes in."""
_LIFT = Rule("ratio", low=0.1, high=100)
ENERGY = Table(
    {
        "constant": Table(
            {"per_distance": Rule("use", low=1e-6, high=_MOST), "per_stop": Rule("energy", high=1000 * _MOST)}
        ),
        "dandrea": Table({"mass": _MASS, "lift_over_drag": _LIFT, "efficiency": _YIELD, "electronics": _POWER}),
        "rodrigues": Table({"mass": _MASS, "rotor_area": _AREA, "electronics": _POWER}),
        "momentum": Table(
            {"mass": _MASS, "rotor_area": _AREA, "drag_area": _DRAG, "efficiency": _YIELD, "electronics": _POWER}
        ),
        "winged": Table(
            {
                "mass": _MASS,
                "lift_over_drag": _LIFT,
                "efficiency": _YIELD,
                "rotor_area": _AREA,
                "hover_efficiency": _YIELD,
                "electronics": _POWER,
            }
        ),
        "rolling": Table(
            {
                "mass": _MASS,
                "rolling": Rule("ratio", high=1),
                "drag_area": _DRAG,
                "drive": Rule("speed", low=0.1, high=100),
                "halts": Rule("halts", high=1),
                "recovered": Rule("share", high=1),
                "efficiency": _YIELD,
                "auxiliary": _POWER,
                "standing": _POWER,
            }
        ),
    },
    choice=True,
)
"""By model, the values it needs; see `modes/models.py`."""
MODE = Table(
    {
        "medium": Rule("word", words=tuple(medium.value for medium in Medium)),
        "carrier": Rule("word", words=CARRIERS),
        "has_driver": Rule("yes or no"),
        "max_speed": Rule("speed", low=0.1, high=100),
        "payload": _MASS,
        "capacity": Rule("volume", above=True, high=100_000),
        "max_parcels": Rule("parcels", low=1, high=_MOST, whole=True),
        "service": _HANDOVERS,
        "setup": _HANDOVERS,
        "descent": _TIME,
        "climb": _TIME,
        "altitude": Rule("length", above=True, high=10_000),
        "hover": _TIME,
        "max_wind": Rule("speed", above=True, high=100, endless=True),
        "load": _TIME,
        "turnaround": _TIME,
        "range": Rule("length", above=True, high=1e8, endless=True),
        "battery": Rule("energy", above=True, high=1000 * _MOST, endless=True),
        "reserve": Rule("share", high=0.95),
        "energy_model": Rule("word", words=tuple(ENERGY.entries)),
        "energy": ENERGY,
        "charging": Table(
            {
                "way": Rule("word", words=("swap", "charge")),
                "power": Rule("power", above=True, high=1e7),
                "efficiency": _YIELD,
                "spares": Rule("batteries", low=1, high=1000, whole=True),
            },
            optional=("spares",),
        ),
        "vehicles_per_operator": Rule("vehicles", low=0.01, high=_MOST, endless=True),
        "loading_staff": Rule("people", high=1000),
        "ownership": _OWNERSHIP,
    },
    plain=("name", "label"),
    optional=("descent", "climb", "altitude", "hover", "max_wind", "charging"),
)
_OF_ALL = {
    "max_speed": Rule("speed", low=0.1, high=100),
    "payload": Rule("mass", above=True, high=40_000),
    "vehicles_per_operator": Rule("vehicles", low=0.01, high=_MOST),
    "opens": Rule("time", high=48 * 3600),
    "closes": Rule("time", above=True, high=48 * 3600),
}
"""What the law may ask of anything that moves on one medium."""
_OF_AIR = {
    "ceiling": Rule("length", above=True, high=10_000),
    "density": Rule("density", high=_MOST),
    "people_per_home": Rule("people", above=True, high=50),
}
LAWS = Table(
    {
        medium.value: Table(rules, choice=True, optional=tuple(rules))
        for medium in Medium
        for rules in [{**_OF_ALL, **(_OF_AIR if medium == Medium.AIR else {})}]
    },
    plain=("name", "label"),
    optional=tuple(medium.value for medium in Medium),
)
_SPREAD = Rule("share", high=3)
RECOURSE = {
    "missed": ("wait", "courier", "tomorrow", "locker"),
    "late": ("courier", "tomorrow"),
    "grounded": ("wait", "courier", "tomorrow"),
    "broken": ("wait", "courier", "tomorrow"),
    "full": ("courier", "tomorrow"),
}
"""What may become of an order, by what befell it."""
_PERSISTENCE = Rule("share", high=0.999)
CHANCE = Table(
    {
        "travel": Table({"spread": _SPREAD, "persistence": _PERSISTENCE, "leg_spread": _SPREAD}),
        "handover": Table({"spread": _SPREAD}),
        "missed": Table({kind.value: Rule("share", high=1) for kind in Handover}),
        "neighbour": Table({"share": Rule("share", high=0.95), "time": _TIME}),
        "wind": Table({"share": Rule("share", high=1), "persistence": _PERSISTENCE}),
        "rain": Table({"share": Rule("share", high=1), "persistence": _PERSISTENCE, "slower": _SPREAD}),
        "broken": Table({**{medium.value: Rule("failures", high=0.01) for medium in Medium}, "mended": _TIME}),
        "stopped": Table({"rate": Rule("calls", high=0.1), "time": _TIME}),
        "full": Table({"spread": _SPREAD}),
        "recourse": Table({**{why: Rule("word", words=words) for why, words in RECOURSE.items()}, "patience": _TIME}),
        "courier": Table(
            {
                "call": _TIME,
                "speed": Rule("speed", low=0.1, high=100),
                "detour": Rule("ratio", low=1, high=10),
                "handling": _TIME,
            }
        ),
        "tomorrow": Table({"handling": _TIME}),
    },
    plain=("name", "label"),
)
PRICES = Table(
    {
        "wages": Table(dict.fromkeys(("driver", "operator", "loader"), _PER_HOUR)),
        "energy": Table({carrier: Rule(f"price of {carrier}", high=_DEAREST_RATE) for carrier in CARRIERS}),
        "carbon": Table({carrier: Rule(f"carbon of {carrier}", high=10) for carrier in CARRIERS}),
        "interest": Rule("share", high=1),
        "operating_days": Rule("days", low=1, high=366),
        "exchange": Table({}, open_to=Rule("exchange", low=1e-6, high=_MOST)),
        "lockers": Table(
            {
                "price": _PRICE,
                "compartments": Rule("compartments", low=1, high=_MOST, whole=True),
                "life": _LIFE,
                "running": _PER_DAY,
            },
        ),
        "hub": _PER_DAY,
        "unserved": Rule("money per order", above=True, high=_DEAREST_RATE),
        "late": _PER_HOUR,
        "vehicles": Table({}, open_to=_OWNERSHIP),
    },
    plain=("name", "label", "currency", "year"),
    optional=("vehicles",),
)
