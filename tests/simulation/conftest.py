"""The plain's builders stand beside the tests of planning, importable by their own name."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "planning"))
