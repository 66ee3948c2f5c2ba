"""Pickles read as data: nothing that a file names is imported, and nothing is called.

`read` carries out the few instructions that saved weights are made of, on plain values. Where unpickling would call
something there is a `Call` instead, so that a stranger's file can be judged before anything opens it.
"""

import pickletools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 2 << 20  # a training checkpoint with its optimiser has a fifth of that
MAX_OPERATIONS = 300_000  # such a checkpoint takes 80,000
VALUES = frozenset(
    (
        "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE",
        "BINUNICODE8", "SHORT_BINSTRING", "BINSTRING", "BINBYTES", "SHORT_BINBYTES", "INT",
        "FLOAT", "UNICODE", "STRING",
    )
)  # fmt: skip
IGNORED = frozenset(("PROTO", "FRAME"))
ORDERED_DICT = "collections.OrderedDict"


class PickleError(ValueError):
    """These bytes are no pickle of weights and plain values."""


@dataclass(frozen=True, slots=True)
class Global:
    """The name of a class or function, such as `collections.OrderedDict`."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """What unpickling would have called, and with what; `function` is a `Global` in every honest file."""

    function: object
    arguments: tuple[Any, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A value that is kept outside of the pickle: here, the numbers of a tensor."""

    key: object


@dataclass(slots=True)
class Pickled:
    """The value of a pickle, and all the names and calls in it."""

    value: Any = None
    names: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


def read(data: bytes) -> Pickled:
    """Read a pickle; raises `PickleError` for anything but containers, plain values, names and calls."""
    if len(data) > MAX_BYTES:
        raise PickleError("too long")
    machine = _Machine()
    try:
        for number, (operation, argument, _) in enumerate(pickletools.genops(data)):
            if number > MAX_OPERATIONS:
                raise PickleError("too long")
            machine.step(operation.name, argument)
        machine.found.value = machine.stack.pop()
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what false bytes provoke
        raise PickleError(str(error)) from error
    return machine.found


def names(data: bytes) -> Iterator[str]:
    """List the classes and functions that a pickle of any sort names, as far as it can be read."""
    texts: list[str] = []
    try:
        for operation, argument, _ in pickletools.genops(data):
            if operation.name in ("GLOBAL", "INST"):
                yield _dotted(str(argument))
            elif operation.name == "STACK_GLOBAL" and len(texts) > 1:
                yield ".".join(texts[-2:])
            elif isinstance(argument, str):
                texts = [*texts[-1:], argument]
    except ValueError:
        return


def _dotted(argument: str) -> str:
    return argument.replace(" ", ".", 1)


class _Machine:
    """The stack and the memo of a pickle."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.found = Pickled()
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        """Carry out one instruction."""
        if name in VALUES:
            self.stack.append(argument)
        elif name not in IGNORED and not (self._build(name) or self._remember(name, argument)):
            self._name_or_call(name, argument)

    def _build(self, name: str) -> bool:
        """Make or fill a container."""
        match name:
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                self.stack.append({"NONE": None, "NEWTRUE": True, "NEWFALSE": False}[name])
            case "EMPTY_DICT" | "EMPTY_LIST" | "EMPTY_TUPLE":
                self.stack.append({"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}[name]())
            case "MARK":
                self._marks.append(len(self.stack))
            case "TUPLE" | "TUPLE1" | "TUPLE2" | "TUPLE3":
                count = int(name[5:]) if name[5:] else None
                self.stack.append(tuple(self._pop(count)))
            case "LIST" | "DICT":
                values = self._pop(None)
                self.stack.append(values if name == "LIST" else dict(_pairs(values)))
            case "APPEND" | "APPENDS":
                values = self._pop(1 if name == "APPEND" else None)
                self._top(list).extend(values)
            case "SETITEM" | "SETITEMS":
                values = self._pop(2 if name == "SETITEM" else None)
                self._top(dict).update(_pairs(values))
            case _:
                return False
        return True

    def _remember(self, name: str, argument: Any) -> bool:
        """Put the top of the stack into the memo, or the other way round."""
        match name:
            case "BINPUT" | "LONG_BINPUT" | "PUT":
                self._memo[int(argument)] = self.stack[-1]
            case "MEMOIZE":
                self._memo[len(self._memo)] = self.stack[-1]
            case "BINGET" | "LONG_BINGET" | "GET":
                self.stack.append(self._memo[int(argument)])
            case _:
                return False
        return True

    def _name_or_call(self, name: str, argument: Any) -> None:
        match name:
            case "GLOBAL":
                self._add_name(_dotted(argument))
            case "STACK_GLOBAL":
                self._add_name(".".join(self._pop(2)))
            case "REDUCE" | "NEWOBJ":
                function, arguments = self._pop(2)
                self._add_call(function, arguments)
            case "INST":
                arguments = tuple(self._pop(None))
                self._add_name(_dotted(argument))
                self._add_call(self.stack.pop(), arguments)
            case "BINPERSID":
                self.stack.append(Reference(self.stack.pop()))
            case "BUILD":  # the attributes of an object, which weights have none of
                self.stack.pop()
            case "STOP":
                return
            case _:
                raise PickleError(f"{name} is no instruction of weights")

    def _add_name(self, name: str) -> None:
        self.found.names.append(name)
        self.stack.append(Global(name))

    def _add_call(self, function: object, arguments: tuple[Any, ...]) -> None:
        if function == Global(ORDERED_DICT) and arguments == ():
            self.stack.append({})
            return
        if not isinstance(arguments, tuple):
            raise PickleError("arguments are no tuple")
        self.stack.append(Call(function, arguments))
        self.found.calls.append(self.stack[-1])

    def _pop(self, count: int | None) -> list[Any]:
        """Take the topmost `count` values off the stack, or all above the last mark."""
        start = self._marks.pop() if count is None else len(self.stack) - count
        if start < 0:
            raise PickleError("the stack is empty")
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def _top(self, kind: type) -> Any:
        if type(self.stack[-1]) is not kind:
            raise PickleError(f"no {kind.__name__} to fill")
        return self.stack[-1]


def _pairs(values: list[Any]) -> Iterable[tuple[str | int, Any]]:
    """Pair keys with values. Keys are texts or numbers: a hash of nested tuples could take for ever."""
    if len(values) % 2 or not all(isinstance(key, str | int) for key in values[::2]):
        raise PickleError("a key is neither text nor number")
    return zip(values[::2], values[1::2], strict=True)
