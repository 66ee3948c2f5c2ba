"""/docs: every endpoint with its parameters, bodies, answers and a `curl` line, written from the OpenAPI document.

One page of our own without scripts: it works on machines that reach no other, and a browser need trust nobody else.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse

from remote_agent.problems import MEDIA_TYPE, Problem
from rvc import paths

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
JSON = "application/json"
PROBLEM = '<a href="#type-Problem">Problem</a>'
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/docs/style.css">
</head>
<body>
<header><h1>{title} <small>{version}</small></h1>{about}
<p>For programs: <a href="/openapi.json">openapi.json</a>.</p></header>
<nav aria-label="Endpoints">{contents}</nav>
<main>{endpoints}
<h2 id="types">Types</h2>{types}</main>
</body>
</html>
"""

router = APIRouter(include_in_schema=False)
Node = Mapping[str, Any]


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    """Show what there is, and how it is asked for."""
    base = str(request.base_url).rstrip("/")
    return HTMLResponse(write(request.app.openapi(), base), headers={"Content-Security-Policy": POLICY})


@router.get("/docs/style.css")
def style() -> FileResponse:
    """Return the page's style sheet."""
    return FileResponse(paths.resource("agent/docs.css"), media_type="text/css")


def write(document: Node, base: str) -> str:
    """Return the page of an OpenAPI document; `base` is the agent's address, for the examples."""
    operations = list(_operations(document))
    types = {"Problem": Problem.model_json_schema(), **document["components"]["schemas"]}
    return PAGE.format(
        title=escape(document["info"]["title"]),
        version=escape(document["info"]["version"]),
        about=_prose(document["info"]["description"]),
        contents=_contents(operations),
        endpoints="".join(_endpoint(method, path, one, base) for method, path, one in operations),
        types="".join(_type(name, one) for name, one in types.items()),
    )


def _operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _contents(operations: list[tuple[str, str, Node]]) -> str:
    groups: dict[str, list[str]] = {}
    for method, path, operation in operations:
        link = f'<li><a href="#{_anchor(method, path)}"><b>{method}</b> {escape(path)}</a></li>'
        groups.setdefault(operation["tags"][0], []).append(link)
    return "".join(f"<h2>{escape(name)}</h2><ul>{''.join(links)}</ul>" for name, links in groups.items())


def _anchor(method: str, path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{method}{path}".lower()).strip("-")


def _endpoint(method: str, path: str, operation: Node, base: str) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    parts = [
        f'<article id="{_anchor(method, path)}"><h2><b>{method}</b> <code>{escape(path)}</code></h2>',
        _prose(operation.get("description", operation["summary"])),
        f"<pre>{escape(_curl(method, path, operation, body, base))}</pre>",
        _parameters(operation.get("parameters", [])),
        *(_body(media_type, content) for media_type, content in body.items()),
        _answers(operation["responses"]),
        "</article>",
    ]
    return "".join(parts)


def _curl(method: str, path: str, operation: Node, body: Node, base: str) -> str:
    """Write a request that works once the names in braces are filled in."""
    words = ["curl"]
    words += {"GET": [], "HEAD": ["--head"]}.get(method, ["-X", method])
    if "security" in operation:
        words.append('-H "Authorization: Bearer $TOKEN"')
    if JSON in body:
        words.append(f"-H 'Content-Type: {JSON}'")
        words.append(f"-d '{json.dumps(body[JSON].get('example', {}), ensure_ascii=False)}'")
    elif body:
        words.append("--data-binary @FILE")
    return " ".join([*words, f"'{base}{path}'"])


def _parameters(parameters: list[Node]) -> str:
    rows = [
        (
            f"<code>{escape(one['name'])}</code>",
            f"{one['in']}{', required' if one.get('required') else ''}",
            _kind(one["schema"]),
            _inline(one.get("description", "")),
        )
        for one in parameters
    ]
    return _table(("Parameter", "Where", "Type", "Meaning"), rows)


def _body(media_type: str, content: Node) -> str:
    schema = content["schema"]
    shown = f"<p>Body, <code>{escape(media_type)}</code>: {_kind(schema)}</p>"
    return f"{shown}{_inline(schema.get('description', ''))}{_properties(schema)}"


def _answers(answers: Node) -> str:
    """Show what may come back; all refusals look alike."""
    problems = [status for status, one in answers.items() if list(one.get("content", {})) == [MEDIA_TYPE]]
    rows = [_answer(status, one) for status, one in answers.items() if status not in problems]
    codes = " ".join(f"<code>{status}</code>" for status in sorted(problems))
    refused = f"<p>Otherwise {codes}: a {PROBLEM}.</p>" if codes else ""
    return _table(("Answer", "When", "Body", "Headers"), rows) + refused


def _answer(status: str, one: Node) -> Sequence[str]:
    content = one.get("content", {})
    kinds = ", ".join(_kind(found.get("schema", {})) or escape(kind) for kind, found in content.items())
    headers = ", ".join(f"<code>{escape(name)}</code>" for name in one.get("headers", {}))
    return f"<code>{status}</code>", _inline(one["description"]), kinds, headers


def _type(name: str, schema: Node) -> str:
    about = _prose(schema.get("description", ""))
    values = ", ".join(f"<code>{escape(str(value))}</code>" for value in schema.get("enum", []))
    return f'<section id="type-{escape(name)}"><h3>{escape(name)}</h3>{about}{values}{_properties(schema)}</section>'


def _properties(schema: Node) -> str:
    required = schema.get("required", [])
    rows = [
        (
            f"<code>{escape(name)}</code>{' *' if name in required else ''}",
            _kind(one),
            _inline(one.get("description", "")),
        )
        for name, one in schema.get("properties", {}).items()
    ]
    return _table(("Field", "Type", "Meaning"), rows)


def _kind(schema: Node) -> str:
    """Say in a few words what values a schema takes; known types are links."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#type-{name}">{name}</a>'
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return " or ".join(_kind(one) for one in schema[choice])
    if "const" in schema:
        return f"<code>{escape(json.dumps(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "title" in schema and "properties" in schema:
        return escape(schema["title"])
    return escape(" ".join(str(schema[key]) for key in ("type", "format") if key in schema))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    titles = "".join(f'<th scope="col">{title}</th>' for title in head)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>"


def _prose(text: str) -> str:
    """Write paragraphs, and lines that are indented as they are."""
    blocks = [block for block in text.split("\n\n") if block.strip()]
    return "".join(
        f"<pre>{escape(block.strip())}</pre>" if block.startswith("    ") else f"<p>{_inline(block)}</p>"
        for block in blocks
    )


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
