"""Draw the picture of the README from a run of the rural scenario and 200 days of chance: python docs/picture.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt

import doorstep

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from doorstep.study.study import Study

DAYS = 200
SHOWN = ("courier", "drone", "mixed")
MODES = {"van": "#2f6690", "quadcopter": "#d1495b", "robovan": "#3a7d44"}
LINES = {  # lines of the ledger as they are drawn, with colours
    "labour": (("labour", "loading", "supervision"), "#2f6690"),
    "vehicles": (("vehicles", "insurance"), "#81a4cd"),
    "energy and wear": (("energy", "wear", "battery"), "#d1495b"),
    "hubs and pads": (("hubs", "sites"), "#c9c5ba"),
    "lockers": (("lockers",), "#edae49"),
}
INK, PALE = "#22313f", "#7b8794"


def draw_plan(axes: Axes, study: Study, name: str) -> None:
    """Draw one configuration's routes, stops and lockers on the streets."""
    streets = study.streets("road")
    west, south, east, north = streets.total_bounds
    streets.plot(ax=axes, color="#e3e1da", linewidth=1.1)
    for mode, legs in study.routes(name).groupby("mode"):
        legs.plot(ax=axes, color=MODES[mode], linewidth=1.7, label=mode)
    study.stops(name).plot(ax=axes, color=INK, markersize=9, zorder=3, label="customer")
    if len(study.lockers(name)):
        study.lockers(name).plot(
            ax=axes, color="#edae49", edgecolor=INK, marker="s", markersize=75, zorder=4, label="locker"
        )
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], xlabel="", ylabel="")
    axes.set_title(f"{name}, EUR {study.frame().loc[name, 'cost_per_delivered']:.2f} a parcel as planned", loc="left")
    axes.spines[:].set_visible(b=False)


def draw_ledger(axes: Axes, study: Study) -> None:
    """Draw the ledger of the planned day as bars, the cheapest at the top."""
    ledger = study.ledger().sort_values("total", ascending=False)
    left = 0 * ledger["total"]
    for label, (lines, colour) in LINES.items():
        part = ledger[[*lines]].sum(axis=1)
        axes.barh(ledger.index, part, left=left, color=colour, label=label, height=0.66)
        left += part
    if abs(left - ledger["total"]).max() > 0.01:  # noqa: PLR2004  a cent
        raise ValueError("LINES leaves out lines of the ledger")
    for name, total in left.items():
        axes.text(total + 4, name, f"{total:.0f}", va="center", color=INK)
    axes.set_title("What the planned day costs, EUR", loc="left")
    axes.set(xlim=(0, 1.08 * left.max()), xticks=[])
    axes.tick_params(length=0)
    axes.legend(loc="lower center", bbox_to_anchor=(0.45, -0.21), ncols=5, handlelength=1, columnspacing=1.2)
    axes.spines[:].set_visible(b=False)


def draw_days(axes: Axes, study: Study) -> None:
    """Draw cost against latency over the days of chance, with their intervals."""
    for name in study.frame().index:
        cost, wait = (study.lived.interval(metric, name) for metric in ("cost per parcel", "latency p50"))
        axes.errorbar(
            wait.mean / 60, cost.mean, xerr=wait.half / 60, yerr=cost.half, fmt="o", color="#2f6690", capsize=3
        )
        axes.annotate(name, (wait.mean / 60, cost.mean), xytext=(9, 5), textcoords="offset points", color=INK)
    axes.set_title(f"What {DAYS} days of chance make of it", loc="left")
    axes.set(xlabel="half of the parcels come within, hours", ylabel="EUR a delivered parcel")
    axes.margins(x=0.16, y=0.12)
    axes.grid(color="#eceae4")
    axes.spines[["top", "right"]].set_visible(b=False)


def main() -> None:
    """Run the scenario, live its days, and draw."""
    study = doorstep.live_through(doorstep.run(doorstep.load_scenario("rural")), DAYS)
    plt.rcParams |= {
        "font.size": 9.5, "axes.titlesize": 11, "axes.titleweight": "bold", "axes.axisbelow": True,
        "legend.frameon": False, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
    }  # fmt: skip
    figure = plt.figure(figsize=(12.5, 8.6), layout="constrained", facecolor="white")
    above, below = figure.subfigures(2, 1, height_ratios=(1.25, 1))
    for axes, name in zip(above.subplots(1, len(SHOWN)), SHOWN, strict=True):
        draw_plan(axes, study, name)
    keys = {label: key for axes in above.axes for key, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    above.legend(keys.values(), keys.keys(), loc="outside lower center", ncols=len(keys))
    left, right = below.subplots(1, 2, width_ratios=(1.25, 1))
    draw_ledger(left, study)
    draw_days(right, study)
    figure.text(0.995, 0.002, "Streets © OpenStreetMap contributors", ha="right", va="bottom", fontsize=8, color=PALE)
    figure.savefig(Path(__file__).with_name("rural.png"), dpi=110)


if __name__ == "__main__":
    main()
