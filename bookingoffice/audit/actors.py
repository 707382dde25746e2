"""Who acts: a person on the staff, a program with a key, or a command of the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True)
class Actor:
    """`label` is what history shows; it stays readable after the user or the key is gone."""

    kind: Literal["staff", "key", "command"]
    id: str
    label: str

    @classmethod
    def staff(cls, user: Any) -> Self:
        return cls("staff", str(user.pk), user.get_full_name() or user.get_username())

    @classmethod
    def key(cls, api_key_id: object, label: str = "") -> Self:
        return cls("key", str(api_key_id), label)

    @classmethod
    def command(cls, name: str) -> Self:
        return cls("command", name, f"manage.py {name}")
