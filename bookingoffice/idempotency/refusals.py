"""What can be wrong with a key. Each door says it in the shape of its own dialect."""

from __future__ import annotations

from collections.abc import Mapping


class KeyRefused(Exception):
    """`code` never changes; `headers` belong to the answer in every dialect."""

    def __init__(self, status: int, code: str, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.hint = hint

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Retry-After": "1"} if self.status == 409 else {}


def malformed_key() -> KeyRefused:
    sentence = "Idempotency-Key must be 1 to 255 printable ASCII characters"
    return KeyRefused(400, "idempotency_key_malformed", sentence, "Send a new random UUID for each new write")


def reused_key() -> KeyRefused:
    sentence = "This Idempotency-Key was sent with another method, path or body"
    return KeyRefused(422, "idempotency_key_reused", sentence, "Send a new key for a new request")


def running_key() -> KeyRefused:
    sentence = "A request with this Idempotency-Key is still running"
    return KeyRefused(409, "idempotency_key_running", sentence, "Send the same request again after a second")


def unkeepable_answer(limit: int) -> KeyRefused:
    """The act is undone: an answer that cannot be kept could not be given twice."""
    sentence = f"The answer is longer than the {limit} bytes that are kept for an Idempotency-Key; nothing was done"
    return KeyRefused(
        400, "idempotency_answer_too_large", sentence, "Write fewer rows at once, or ask for less of them"
    )
