"""Overrides: a scenario with what somebody says in place of its file, by way of a file that extends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from doorstep.errors import InputError
from doorstep.scenario.file import load_scenario

if TYPE_CHECKING:
    from doorstep.scenario.scenario import Scenario


def load_with(name: str, *, seed: int | None, work: int | None, time_limit: float | None) -> Scenario:
    """Return a scenario with another seed, work [steps] or time limit [s]; as it is where they are None."""
    planner = {"work": work, "time_limit": f"{time_limit:g} s" if time_limit else None}
    planner = {key: value for key, value in planner.items() if value is not None}
    said: dict[str, object] = {"seed": seed} if seed is not None else {}
    if planner:
        said["planner"] = planner
    if not said:
        return load_scenario(name)
    import tempfile
    from pathlib import Path

    from doorstep.scenario.document import parse, read_text
    from doorstep.scenario.inherit import scenario_path

    path = scenario_path(name).resolve()
    own_name = parse(read_text(path), str(path)).at(["name"])
    with tempfile.TemporaryDirectory() as folder:
        heir = Path(folder, "command-line.yaml")
        said |= {"name": own_name.value if own_name else path.stem, "extends": str(path)}
        heir.write_text(json.dumps(said), encoding="utf-8")
        try:
            return load_scenario(heir)
        except InputError:
            load_scenario(name)
            raise
