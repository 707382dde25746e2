"""Widgets of ours are drawn by the site's own templates, where the project keeps all of them."""

from __future__ import annotations

from typing import Any

from django.forms import Widget
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from unfold.widgets import INPUT_CLASSES

INPUT = " ".join(INPUT_CLASSES)


class HouseWidget(Widget):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)
        return render_to_string(str(self.template_name), {**context, "input_class": INPUT})


class RowsWidget(HouseWidget):
    """Rows under one name, with empty ones to spare so that nothing needs a script. `faults` stand at their rows."""

    spare = 3

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.faults: dict[int, list[str]] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> RowsWidget:
        copied: RowsWidget = super().__deepcopy__(memo)
        copied.faults = {}
        return copied

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(name) for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0" if id_ else ""

    def posted_rows(self, data: Any, name: str, parts: tuple[str, ...]) -> list[dict[str, str]]:
        """`name-0-part`, `name-1-part`, … as they were posted; a row ticked for removal is left out."""
        rows: list[dict[str, str]] = []
        while any(f"{name}-{len(rows)}-{part}" in data for part in parts):
            rows.append({part: data.get(f"{name}-{len(rows)}-{part}", "").strip() for part in (*parts, "gone")})
        return [row for row in rows if not row.pop("gone")]
