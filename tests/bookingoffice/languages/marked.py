"""The texts that code and templates mark for translation, found without gettext."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bookingoffice.database.server.folder import PROJECT

FIRST = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
WITH_CONTEXT = {"pgettext", "pgettext_lazy"}
TAG = re.compile(
    r"""{%\s*translate\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)(?:\s+context\s+["'](?P<context>.*?)["'])?"""
)
Key = tuple[str | None, str]


def marked_in_code() -> Iterator[tuple[Path, Key]]:
    for app in ("bookingoffice", "coupons", "seasons"):
        for path in (PROJECT / app).rglob("*.py"):
            for call in filter(_is_call, ast.walk(ast.parse(path.read_text("utf-8")))):
                if key := _key(call):
                    yield path, key


def marked_in_templates() -> Iterator[tuple[Path, Key]]:
    for path in (PROJECT / "templates").rglob("*.*"):
        for tag in TAG.finditer(path.read_text("utf-8")):
            yield path, (tag["context"], tag["text"])


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _key(call: ast.Call) -> Key | None:
    said = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if call.func.id in FIRST and said:
        return None, str(said[0])
    return (str(said[0]), str(said[1])) if call.func.id in WITH_CONTEXT else None
