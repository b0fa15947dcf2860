"""What the schema complains of, in words for people: where it is in the file, and what would mend it."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from doorstep.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from doorstep.scenario.document import Node

Loc = tuple[str | int, ...]
_EXAMPLES = {
    "network": "{extract: PATH}",
    "demand": "{sample: {orders: 100}}",
    "hubs": "{depot: {place: auto}}",
    "configurations": "{courier: {vehicles: [{mode: van, count: 2}]}}",
}
"""The shortest of what a file cannot do without."""
KEY = "[key]"
"""Last step of a path at which the key itself is at fault."""


def dotted(loc: Sequence[str | int]) -> str:
    """Return a path as people read it: `configurations.drone.vehicles[1].mode`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc).removeprefix(".")


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return the nearest of the known words as a question, or all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.55) or [k for k in known if k.startswith(f"{word}_")]
    return f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}" if known else ""


def loc_of(error: Mapping[str, Any]) -> Loc:
    """Return the path of a fault without the tags that tell unions apart."""
    return tuple(step for step in error["loc"] if not str(step).startswith("<") and step != KEY)


def schema_fault(error: Mapping[str, Any], root: Node, schema: Mapping[str, Any]) -> Fault:
    """Return one fault of the schema, placed and in words."""
    loc = loc_of(error)
    kind = str(error["type"])
    what, fix, code = _TELLERS.get(kind, _plainly)(error, loc, schema)
    if kind == "missing":
        return Fault(dotted(loc), what, fix, code, root.mark_of(loc[:-1], key=True))
    at_key = kind == "extra_forbidden" or error["loc"][-1:] == (KEY,)
    return Fault(dotted(loc), what, fix, code, root.mark_of(loc, key=at_key))


def once_each(errors: Sequence[dict[str, Any]], schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the schema complains of without keys that are missing only because they are misspelt."""
    misspelt: set[Loc] = set()
    for error in errors:
        loc = loc_of(error)
        if error["type"] == "extra_forbidden":
            near = difflib.get_close_matches(str(loc[-1]), keys_at(schema, loc[:-1]), n=1, cutoff=0.55)
            misspelt.update((*loc[:-1], key) for key in near)
    return [error for error in errors if error["type"] != "missing" or loc_of(error) not in misspelt]


def part_of(schema: Mapping[str, Any], loc: Sequence[str | int]) -> Mapping[str, Any]:
    """Return what a JSON Schema says of the value at a path; empty where it says nothing."""
    found: Mapping[str, Any] = schema
    for step in loc:
        for branch in _branches(found, schema):
            below = branch.get("properties", {}).get(step) or (
                branch.get("items") if isinstance(step, int) else branch.get("additionalProperties")
            )
            if isinstance(below, dict):
                found = below
                break
        else:
            return {}
    return found


def keys_at(schema: Mapping[str, Any], loc: Sequence[str | int]) -> list[str]:
    """Return the keys that a JSON Schema knows at a path."""
    branches = _branches(part_of(schema, loc), schema)
    return list(dict.fromkeys(key for branch in branches for key in branch.get("properties", {})))


def _branches(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$ref" in part:
        yield from _branches(schema["$defs"][part["$ref"].rsplit("/", 1)[1]], schema)
    for choice in ("anyOf", "oneOf", "allOf"):
        for branch in part.get(choice, ()):
            yield from _branches(branch, schema)
    yield part


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, (dict, list)):
        return "a map of keys" if isinstance(value, dict) else "a list"
    return str(value).lower() if isinstance(value, bool) else str(value)


Told = tuple[str, str, str]


def _missing(_: Mapping[str, Any], loc: Loc, schema: Mapping[str, Any]) -> Told:
    key = loc[-1]
    if isinstance(key, int):
        return f"number {key + 1} of the list is missing", "give them all", "missing-value"
    examples = part_of(schema, loc).get("examples")
    example = examples[0] if examples else _EXAMPLES.get(str(key), "…") if len(loc) == 1 else "…"
    fix = f"add `{key}: {example}`"
    return f"'{key}' is missing", fix, "missing-key"


def _unknown(_: Mapping[str, Any], loc: Loc, schema: Mapping[str, Any]) -> Told:
    key = str(loc[-1])
    return f"unknown key '{key}'", did_you_mean(key, keys_at(schema, loc[:-1])), "unknown-key"


def _number(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    given = error["input"]
    whole = "int" in error["type"]
    noun = "a whole number" if whole else "a number"
    text = str(given).strip() if isinstance(given, str) else ""
    fix = "write digits, as in 3" if whole else "write a number, as in 1.5"
    if re.fullmatch(r"-?[0-9]{1,3}([ ,][0-9]{3})+|-?[0-9]+(_[0-9]+)+", text):
        fix = f"write it without separators: {re.sub('[ ,_]', '', text)}"
    elif re.fullmatch(r"-?[0-9]+,[0-9]+", text):
        fix = f"use a decimal point: {text.replace(',', '.')}"
    elif re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        fix = f"write it without quotes: {text}"
    elif (found := re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?) ?%", text)) and not whole:
        fix = f"write it as a share: {float(found[1]) / 100:g}"
    elif found := re.match(r"-?[0-9]+(\.[0-9]+)?", text):
        fix = f"write the number only: {found[0]}"
    elif isinstance(given, float) and abs(given) < 1e15:  # noqa: PLR2004  # more has no whole numbers near
        fix = f"round it: {round(given)}"
    return f"{_shown(given)} is not {noun}", fix, "not-a-number"


def _text(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    given = error["input"]
    simple = given is not None and not isinstance(given, (dict, list))
    shown = str(given).lower() if isinstance(given, bool) else given
    return f"expected text, got {_shown(given)}", f'put it in quotes: "{shown}"' if simple else "", "wrong-type"


def _map(error: Mapping[str, Any], loc: Loc, schema: Mapping[str, Any]) -> Told:
    given = error["input"]
    known = keys_at(schema, loc)
    fix = f"write keys below it, indented: {', '.join(known)}" if known else "write `name: {…}` below it, indented"
    if given is None and loc:
        needed = any(loc[-1] in branch.get("required", ()) for branch in _branches(part_of(schema, loc[:-1]), schema))
        return f"'{loc[-1]}' is empty", fix if needed else f"{fix}; or leave it out", "empty"
    return f"expected a map of keys, got {_shown(given)}", fix, "wrong-type"


def _list(error: Mapping[str, Any], loc: Loc, __: Mapping[str, Any]) -> Told:
    given = error["input"]
    if given is None and loc[-1:] == ("vehicles",):
        return "no vehicles are given", "write one a line below it, as in `- {mode: van, count: 2}`", "no-fleet"
    none = given in (None, "no", "none", "")
    fix = "for none, write []" if none else f"write it as [{given}]" if not isinstance(given, dict) else ""
    return f"expected a list, got {_shown(given)}", fix or "begin each item with `- `", "wrong-type"


def _bool(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    given = error["input"]
    meant = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false", "none": "false"}
    word = meant.get(str(given).lower())
    return f"{_shown(given)} is neither true nor false", f"write {word or 'true or false'}", "wrong-type"


def _choice(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    known = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
    given = error["input"]
    near = [one for one in known if one.lower() == str(given).lower()]
    near = near or difflib.get_close_matches(str(given), known, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"{_shown(given)} is not allowed here", f"{hint}one of: {', '.join(known)}", "not-allowed"


def _bound(error: Mapping[str, Any], loc: Loc, schema: Mapping[str, Any]) -> Told:
    ctx, given = error["ctx"], _shown(error["input"])
    words = {
        "ge": ("below", "{} or more"),
        "gt": ("not above", "more than {}"),
        "le": ("above", "{} or less"),
        "lt": ("not below", "less than {}"),
    }
    name = next(name for name in words if name in ctx)
    limit = f"{ctx[name]:,}" if isinstance(ctx[name], int) else f"{ctx[name]:,.12g}"
    branches = list(_branches(part_of(schema, loc), schema))
    low, high = (next((b[end] for b in branches if end in b), None) for end in ("minimum", "maximum"))
    fix = f"write {words[name][1].format(limit)}"
    if low is not None and high is not None and high <= 1000:  # noqa: PLR2004  # more is only a bound of belief
        fix = f"write a number from {low:g} to {high:g}"
    return f"{given} is {words[name][0]} {limit}", fix, "out-of-range"


def _misfit(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    return str(error["ctx"]["what"]), str(error["ctx"]["fix"]), "wrong-value"


def _blank(_: Mapping[str, Any], loc: Loc, __: Mapping[str, Any]) -> Told:
    return f"'{loc[-1]}' is empty", "write a name or a path", "empty"


def _finite(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    return f"{error['input']} is not a finite number", "write a number", "not-a-number"


def _plainly(error: Mapping[str, Any], _: Loc, __: Mapping[str, Any]) -> Told:
    return str(error["msg"]), "", str(error["type"]).replace("_", "-")


_TELLERS: Mapping[str, Callable[[Mapping[str, Any], Loc, Mapping[str, Any]], Told]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "int_type": _number,
    "float_type": _number,
    "int_parsing": _number,
    "float_parsing": _number,
    "int_from_float": _number,
    "finite_number": _finite,
    "string_type": _text,
    "string_pattern_mismatch": _blank,
    "dict_type": _map,
    "model_type": _map,
    "tuple_type": _list,
    "list_type": _list,
    "bool_type": _bool,
    "literal_error": _choice,
    "greater_than": _bound,
    "greater_than_equal": _bound,
    "less_than": _bound,
    "less_than_equal": _bound,
    "misfit": _misfit,
}
