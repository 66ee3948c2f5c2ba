"""Command-line options made from the settings: a new setting is one field, and `--help` knows it."""

import argparse
from collections.abc import Callable
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from rvc import demands
from rvc.config import Config
from rvc.errors import Error
from rvc.names import shown

C = TypeVar("C", bound=Config)


class UsageError(Error):
    """The command line itself is wrong."""

    exit_code = 2


def add(parser: argparse.ArgumentParser, config: type[Config], *, skip: tuple[str, ...] = ()) -> None:
    """Add one option for every field of `config` that is not in `skip`."""
    group = parser.add_argument_group("settings")
    for name, field in config.model_fields.items():
        if name not in skip:
            _add_field(group, name, field)


def _add_field(group: argparse._ArgumentGroup, name: str, field: FieldInfo) -> None:
    kind = demands.plain(field.annotation)
    flag = "--" + name.replace("_", "-")
    text = (field.description or "").replace("%", "%%")
    if field.default is not None:
        text += f" (default: {field.default})"
    keywords: dict[str, Any] = {"dest": name, "default": argparse.SUPPRESS, "help": text}
    if kind is bool:
        group.add_argument(flag, action=argparse.BooleanOptionalAction, **keywords)
    elif get_origin(kind) is Literal:
        group.add_argument(flag, choices=get_args(kind), **keywords)
    else:
        group.add_argument(flag, type=_reader(field), metavar=_metavar(kind), **keywords)


def _metavar(kind: Any) -> str:
    """Return what stands for a value in the help."""
    return {int: "N", str: "NAME"}.get(kind, "X")


def _reader(field: FieldInfo) -> Callable[[str], Any]:
    """Return a function that reads a value of the field's type from its text on the command line."""
    annotation: Any = field.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    def read_text(text: str) -> Any:
        try:
            return adapter.validate_strings(text)
        except ValidationError as error:
            wanted = " or ".join(map(str, demands.of(field.annotation, field.metadata)))
            raise argparse.ArgumentTypeError(f"must be {wanted}, not {shown(text)!r}") from error

    return read_text


def read(arguments: argparse.Namespace, config: type[C]) -> C:
    """Build the settings from parsed arguments; raises `UsageError` naming the option at fault."""
    given = {name: value for name, value in vars(arguments).items() if name in config.model_fields}
    try:
        return config(**given)
    except ValidationError as error:
        raise UsageError("bad_option", complaint(error, config)) from error


def complaint(error: ValidationError, config: type[BaseModel]) -> str:
    """Say which option is wrong, and what it must be."""
    fault = demands.fault(error, config)
    return fault.sentence("--" + "-".join(fault.place).replace("_", "-"))
