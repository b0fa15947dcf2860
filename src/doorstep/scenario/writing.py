"""A document as YAML text again, for the folder of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorstep.scenario.document import resolved_scalar

if TYPE_CHECKING:
    import yaml

    from doorstep.scenario.document import Node


def written(root: Node, *, name: str) -> str:
    """Return the YAML text of a document with everything it inherits; it can be loaded as it is."""
    plain: Any = root.plain()
    return dumped({"name": name, **{key: value for key, value in plain.items() if key != "name"}})


def dumped(plain: object) -> str:
    """Return plain values as YAML that means the same by the rules of YAML 1.2."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Quotes every text that would otherwise be read as something else."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
        style = None if resolved_scalar(value) == value and isinstance(resolved_scalar(value), str) else '"'
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return yaml.dump(plain, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
