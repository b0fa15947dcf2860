"""Draw the picture of the README from a run of the rural scenario: python docs/picture.py."""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt

import doorstep

COLOURS = {"van": "#3b6ea5", "quadcopter": "#c8553d", "robovan": "#588157", "sidewalk-robot": "#8d6cab"}
SHOWN = ("courier", "drone", "mixed")


def main() -> None:
    """Run the scenario and draw three of its plans and its ledger."""
    study = doorstep.run(doorstep.load_scenario("rural"))
    streets = study.streets("road")
    west, south, east, north = streets.total_bounds
    figure, places = plt.subplot_mosaic([[*SHOWN], ["ledger"] * 3], figsize=(12, 7.5), height_ratios=(3, 2))
    for name in SHOWN:
        axes = places[name]
        streets.plot(ax=axes, color="0.86", linewidth=0.9)
        for mode, legs in study.routes(name).groupby("mode"):
            legs.plot(ax=axes, color=COLOURS[mode], linewidth=1.6, label=mode, alpha=0.9)
        study.stops(name).plot(ax=axes, color="0.15", markersize=7, zorder=3)
        if len(study.lockers(name)):
            study.lockers(name).plot(ax=axes, color="#f2b134", edgecolor="black", marker="s", markersize=70, zorder=4)
        cost = study.frame().loc[name, "cost_per_delivered"]
        axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], xlabel="", ylabel="")
        axes.set_title(f"{name}: EUR {cost:.2f} a parcel", fontsize=11)
        axes.legend(fontsize=8, loc="upper left")
    ledger = study.ledger().drop(columns="total").iloc[::-1]
    ledger.plot.barh(stacked=True, ax=places["ledger"], cmap="tab20", width=0.7)
    places["ledger"].set(xlabel="cost of the day, EUR", ylabel="")
    places["ledger"].legend(fontsize=8, ncols=6, loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    figure.text(0.99, 0.01, "Streets © OpenStreetMap contributors", ha="right", fontsize=8, color="0.4")
    figure.tight_layout()
    figure.savefig(Path(__file__).with_name("rural.png"), dpi=110)


if __name__ == "__main__":
    main()
