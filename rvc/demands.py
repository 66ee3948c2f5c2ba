"""What a setting must be, in words: made of the models' own types and limits, in place of pydantic's sentences."""

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

UNIONS = (Union, types.UnionType)
LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern")
RANGES = {
    ("ge", "le"): "from {ge} to {le}",
    ("ge",): "of {ge} or more",
    ("le",): "of {le} or less",
    ("gt",): "above {gt}",
    ("lt",): "below {lt}",
    ("gt", "lt"): "above {gt} and below {lt}",
    ("ge", "lt"): "of {ge} or more, below {lt}",
    ("gt", "le"): "above {gt}, up to {le}",
    ("min_length", "max_length"): "of {min_length} to {max_length} characters",
    ("max_length",): "of {max_length} characters at most",
    ("min_length",): "of {min_length} characters or more",
    ("pattern",): "that matches {pattern}",
}
"""How limits are said, by those that there are."""

KINDS: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    date: "a day such as 2026-11-20",
    list: "a list",
    tuple: "a list",
    dict: "an object",
}
ONE_OF = "one of {choices}"
ERRORS = {"int": int, "float": float, "string": str, "bool": bool, "list": list, "dict": dict, "model": dict}
"""What the first words of pydantic's kinds of errors say that a value must be."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a value must be: a kind of thing, and within which limits; templates with their values, to translate."""

    kind: str
    limits: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.limits}".strip().format(**self.values)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong with given settings: where, what was given there, and what it must be."""

    place: tuple[str, ...]
    given: object
    demands: tuple[Demand, ...]
    reason: str
    """Why, where that is no matter of one value's kind or limits."""

    def sentence(self, name: str) -> str:
        """Say what is wrong with the value that is called `name`."""
        if self.demands:
            return f"{name} must be {' or '.join(map(str, self.demands))}."
        return f"{name} {self.reason}."


def of(annotation: Any, limits: Iterable[object] = ()) -> tuple[Demand, ...]:
    """Return what a value of a type must be, a demand for each form that it may have; empty where nobody can say."""
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return of(inner, [*limits, *more])
    if origin in UNIONS:
        forms = [form for form in get_args(annotation) if form is not type(None)]
        return tuple(demand for form in forms for demand in of(form, limits))
    if origin is Literal:
        choices = get_args(annotation)
        text = ", ".join(map(str, choices))
        return (Demand("{choices}" if len(choices) == 1 else ONE_OF, values={"choices": text}),)
    kind = KINDS.get(origin or annotation)
    return () if kind is None else (_limited(kind, dict(_limits(limits))),)


def _limits(given: Iterable[object]) -> Iterator[tuple[str, object]]:
    for one in given:
        if isinstance(one, FieldInfo):
            yield from _limits(one.metadata)
        else:
            yield from ((name, limit) for name in LIMITS if (limit := getattr(one, name, None)) is not None)


def _limited(kind: str, limits: Mapping[str, object]) -> Demand:
    names = tuple(name for name in LIMITS if name in limits)
    values = {
        name: f"{limit:g}" if isinstance(limit, int | float) else str(limit) for name, limit in limits.items()
    }
    return Demand(kind, RANGES.get(names, ""), values)


def fault(error: ValidationError, model: type[BaseModel] | None = None) -> Fault:
    """Return the first fault of settings; `model` is what they were to become, and knows all limits of a value."""
    return fault_of(error.errors()[0], model)


def fault_of(first: Mapping[str, Any], model: type[BaseModel] | None = None) -> Fault:
    """Return the fault that pydantic describes, the place without the names of forms that a value may have."""
    place, info = _find(first["loc"], model)
    kind = first["type"]
    if kind == "missing":
        return Fault(place, None, (), "is missing")
    if kind == "extra_forbidden":
        return Fault(place, first["input"], (), "is not known")
    if kind == "value_error":
        return Fault(place, first["input"], (), f"cannot be taken: {first['ctx']['error']}")
    demands = (of(info.annotation, info.metadata) if info else ()) or _told(kind, first.get("ctx", {}))
    reason = f"cannot be taken: {first['msg'][:1].lower()}{first['msg'][1:]}"
    return Fault(place, first["input"], demands, reason)


def _find(
    loc: tuple[int | str, ...], model: type[BaseModel] | None
) -> tuple[tuple[str, ...], FieldInfo | None]:
    """Follow a place into a model, to its field; what names a form of a union is no part of the place."""
    info: FieldInfo | None = None
    inner: Any = model
    for depth, part in enumerate(loc):
        fields = getattr(plain(inner), "model_fields", {})
        if part not in fields:
            is_form = get_origin(inner) in UNIONS
            return tuple(map(str, loc[:depth] if is_form else loc)), info if is_form else None
        info = fields[part]
        inner = info.annotation
    return tuple(map(str, loc)), info


def plain(annotation: Any) -> Any:
    """Return the type inside `X | None`, the first of several."""
    if get_origin(annotation) in UNIONS:
        return next(kind for kind in get_args(annotation) if kind is not type(None))
    return annotation


def _told(kind: str, context: Mapping[str, Any]) -> tuple[Demand, ...]:
    """Return what an error alone says of what a value must be."""
    if kind == "literal_error":
        return (Demand(ONE_OF, values={"choices": context["expected"].replace("'", "")}),)
    limits = {name: context[name] for name in LIMITS if name in context}
    known = ERRORS.get(kind.split("_")[0])
    if limits:
        return (_limited(KINDS[known or float], limits),)
    return () if known is None else (Demand(KINDS[known]),)
