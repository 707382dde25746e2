"""Asks and judges: no answer of 500 and above, no secret of another organization told, nothing of the third one's changed."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from bench.fuzz.asking import Answer, Asker
from bench.fuzz.drawing import Drawing, Request
from bench.fuzz.world import Organization, everything, secrets_from


@dataclass
class Findings:
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fuzz(
    ask: Asker,
    askers: list[Organization],
    silent: Organization,
    *,
    requests: int,
    seed: int,
    tell: Callable[[int], object] = lambda done: None,
    pages: bool = True,
) -> Findings:
    """Without `pages` nothing is asked that needs collected static files."""
    before, findings = everything(ask, silent), Findings()
    drawings = [
        (one, _drawing(one, [*askers, silent], seed, pages), _secrets(one, [*askers, silent])) for one in askers
    ]
    for number in range(requests):
        organization, drawing, secrets = drawings[number % len(drawings)]
        request = drawing.request()
        for fault in _judged(ask, organization, request, secrets, findings):
            findings.faults.append(
                f"{fault}\n  {request.method} {request.target}\n  {request.headers}\n  {request.body[:500]}"
            )
        tell(1)
    if everything(ask, silent) != before:
        findings.faults.append("Rows of the organization that asked nothing have changed.")
    return findings


def _judged(
    ask: Asker, organization: Organization, request: Request, secrets: frozenset[str], findings: Findings
) -> Iterator[str]:
    try:
        answer = ask(request.method, request.target, organization.key, request.body, request.headers)
    except (http.client.HTTPException, OSError) as error:
        yield f"No answer: {error!r}"
        return
    findings.statuses[answer.status] += 1
    if answer.status >= 500:
        yield f"{answer.status}: {answer.body[:300]!r}"
    yield from (f"{secret} was told ({answer.status})" for secret in _told(answer, secrets))


def _told(answer: Answer, secrets: frozenset[str]) -> list[str]:
    said = answer.all
    return [secret for secret in secrets if secret in said]


def _drawing(organization: Organization, all_of_them: list[Organization], seed: int, pages: bool) -> Drawing:
    others = [other for other in all_of_them if other is not organization]
    return Drawing(Random(f"{seed} {organization.marker}"), organization, others, pages=pages)


def _secrets(organization: Organization, all_of_them: list[Organization]) -> frozenset[str]:
    return frozenset(secrets_from([other for other in all_of_them if other is not organization]))
