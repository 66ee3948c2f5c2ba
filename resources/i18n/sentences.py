"""The sentences of all expected errors in the sources, with places for their values: `make i18n` collects them.

`errors.json` holds, for each code, its texts and its hints as templates such as "{path} does not exist." The app takes
the values out of a sentence that comes from the engine, and puts them into its translation.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PACKAGES = ("rvc", "rvcstudio", "remote_agent")
FILE = "errors.json"
PLAIN = {"name", "stem", "strerror", "text", "args"}  # of a path or an error: they do not name what it is

Templates = dict[str, dict[str, list[str]]]


def collect() -> Templates:
    """Return the templates of texts and hints by code."""
    found: dict[str, dict[str, set[str]]] = {"text": defaultdict(set), "hint": defaultdict(set)}
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            for call in _errors(ast.parse(source.read_text(encoding="utf-8"))):
                for part, sentence in zip(found, call.args[1:3], strict=False):
                    for template in _templates(sentence):
                        found[part][call.args[0].value].add(template)  # type: ignore[attr-defined]
    return {
        part: {code: sorted(templates) for code, templates in sorted(codes.items())}
        for part, codes in found.items()
    }


def _errors(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that make an error of a code that is written there."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        called, code = node.func, node.args[0]
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        if name.endswith("Error") and isinstance(code, ast.Constant) and isinstance(code.value, str):
            yield node


def _templates(sentence: ast.expr) -> Iterator[str]:
    """Yield what a sentence can be; one that is put together elsewhere is not known here."""
    match sentence:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _templates(body)
            yield from _templates(orelse)
        case ast.JoinedStr(values=values):
            yield _template(values)


def _template(values: list[ast.expr]) -> str:
    parts, names = [], set()
    for value in values:
        if isinstance(value, ast.FormattedValue):
            name = _free(_name(value.value), names)
            names.add(name)
            parts.append(f"{{{name}}}")
        elif isinstance(value, ast.Constant):
            parts.append(str(value.value))
    return "".join(parts)


def _name(value: ast.expr) -> str:
    """Return a short name for a value, by how it is written."""
    match value:
        case ast.Name(id=name):
            return name.strip("_")
        case ast.Attribute(value=of, attr=attribute):
            return _name(of) if attribute in PLAIN else attribute.strip("_")
    inner = next((node for node in ast.walk(value) if isinstance(node, ast.Name)), None)
    return inner.id.strip("_") if inner is not None else "value"


def _free(name: str, taken: set[str]) -> str:
    number = 1
    while (wanted := name if number == 1 else f"{name}{number}") in taken:
        number += 1
    return wanted


def write(to: Path) -> None:
    """Write what the sources have into a file."""
    to.write_text(f"{json.dumps(collect(), ensure_ascii=False, indent=1)}\n", encoding="utf-8")
