"""The JSON Schema of scenario files, for editors and other programs."""

from __future__ import annotations

from typing import Any


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors and other programs."""
    from doorstep.scenario.schema import ScenarioTable

    schema = ScenarioTable.model_json_schema(by_alias=True)
    stated = {
        "type": "object",
        "description": "A number with the place it comes from: `source` names a publication, `estimate` says why.",
        "additionalProperties": False,
        "required": ["value"],
        "properties": {
            "value": {},
            "source": {"type": "string", "description": "Key of a publication in Doorstep's sources."},
            "estimate": {"type": "string", "description": "Why this number, where nobody has published one."},
            "note": {"type": "string"},
        },
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Doorstep scenario",
    }
    found = {**head, **{key: _opened(part) for key, part in schema.items() if key != "title"}}
    found["$defs"]["Stated"] = stated
    required = [{"required": ["extends"]}, {"required": schema["required"]}]
    return {**{key: part for key, part in found.items() if key != "required"}, "anyOf": required}


def _opened(part: Any) -> Any:
    """Return a part of the schema in which every number may also be stated, and defaults say where they come from."""
    if isinstance(part, list):
        return [_opened(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {key: _opened(item) for key, item in part.items() if key not in {"stated", "title"}}
    for key in ("source", "estimate"):
        if key in found and isinstance(part[key], str):
            why = f"Default: {'source ' if key == 'source' else ''}{found.pop(key)}."
            found["description"] = f"{found.get('description', '')} {why}".strip()
    if not part.get("stated"):
        return found
    kept = {key: found.pop(key) for key in ("description", "default", "unit") if key in found}
    return {**kept, "anyOf": [found, {"$ref": "#/$defs/Stated"}]}
