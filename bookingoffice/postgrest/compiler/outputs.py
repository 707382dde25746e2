"""What a level of the select puts into the answer: expressions with their keys, aggregates and their grouping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bookingoffice.postgrest.compiler.fields import cast, column_sql, key_of
from bookingoffice.postgrest.compiler.fragments import Fragment, Parameters, clause, join, name, plain
from bookingoffice.postgrest.compiler.places import Place
from bookingoffice.postgrest.nodes import Column, CountRows, Everything

ONE = plain("1")


@dataclass(frozen=True, slots=True)
class Output:
    """One key of the answer. Where `aggregate` is set the expression is its input, and `result_cast` the type it ends in.

    `json` marks an expression of type json, which cannot be grouped as it stands.
    """

    expression: Fragment
    key: str
    aggregate: str | None = None
    result_cast: str | None = None
    json: bool = False

    def input(self, inner: str) -> Fragment:
        """The expression before any aggregate, under a name for the level above."""
        return join(self.expression, plain(" AS "), name(inner))

    def finished(self, *, grouped: bool) -> Fragment:
        return join(cast(self._aggregated(grouped=grouped), self.result_cast), plain(" AS "), name(self.key))

    def group_term(self) -> Fragment:
        return self._plain(grouped=True)

    def _aggregated(self, *, grouped: bool) -> Fragment:
        if self.aggregate is None:
            return self._plain(grouped=grouped)
        operand = plain("*") if self.expression is ONE else self.expression
        return join(plain(f"{self.aggregate.upper()}("), operand, plain(")"))

    def _plain(self, *, grouped: bool) -> Fragment:
        return join(self.expression, plain("::jsonb")) if grouped and self.json else self.expression


def own_outputs(place: Place, parameters: Parameters) -> Iterator[Output]:
    """The columns of the level itself; what embeds add comes after them. A level that shows nothing may still order its parent."""
    for item in place.level.items or (Everything(),):
        match item:
            case Everything():
                yield from (Output(name(place.alias, column.name), column.name) for column in place.resource.visible)
            case Column():
                expression = cast(column_sql(place, item.field, parameters), item.cast)
                yield Output(expression, key_of(item), item.aggregate, item.result_cast)
            case CountRows():
                yield Output(ONE, item.alias or "count", "count", item.result_cast)


def has_aggregate(outputs: Sequence[Output]) -> bool:
    return any(output.aggregate for output in outputs)


def group_by(outputs: Sequence[Output]) -> Fragment:
    """Empty where nothing is aggregated, and where everything is."""
    return clause(" GROUP BY ", [output.group_term() for output in outputs if not output.aggregate])


def inner_names(outputs: Sequence[Output]) -> list[str]:
    """Names by which the level above can tell the outputs apart: their keys, numbered where a key comes twice."""
    often = Counter(output.key for output in outputs)
    return [
        output.key if often[output.key] == 1 else f"{number}:{output.key[:50]}"
        for number, output in enumerate(outputs, 1)
    ]
