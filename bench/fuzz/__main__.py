"""`python -m bench.fuzz --requests 200000`: a server of its own, three organizations; ends with 1 where anything was found."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from contextlib import ExitStack

from tqdm import tqdm

from bench.fuzz.asking import Asker
from bench.fuzz.run import fuzz
from bench.fuzz.world import furnished
from bench.house import House, command, opened

MARKERS = ("amber", "velvet", "slate")


def main() -> None:
    parser = ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", help="a running server, its limits off, instead of one that is made and thrown away")
    parser.add_argument(
        "--key", action="append", metavar="ORGANIZATION:KEY", help="of that server, three times: empty ones"
    )
    options = parser.parse_args()
    with ExitStack() as stack:
        url, pairs = (options.url, options.key) if options.url else _made(stack.enter_context(opened()))
        ask = Asker(url)
        amber, velvet, silent = (
            furnished(ask, *_halves(pair), marker) for pair, marker in zip(pairs, MARKERS, strict=True)
        )
        with tqdm(total=options.requests, unit=" requests", disable=None) as bar:
            found = fuzz(ask, [amber, velvet], silent, requests=options.requests, seed=options.seed, tell=bar.update)
    print(
        f"{options.requests} requests, seed {options.seed}:", *(f"{n} × {s}" for s, n in sorted(found.statuses.items()))
    )
    for fault in found.faults[:50]:
        print(fault)
    print(f"{len(found.faults)} faults")
    sys.exit(1 if found.faults else 0)


def _halves(pair: str) -> tuple[str, str]:
    organization_id, _, key = pair.partition(":")
    return organization_id, key


def _made(house: House) -> tuple[str, list[str]]:
    scopes = ("--scopes", "read,write,write_uses,unfiltered_writes")
    ids = [command(house.folder, "create_organization", marker) for marker in MARKERS]
    pairs = [f"{each}:{command(house.folder, 'create_api_key', each, *scopes)}" for each in ids]
    return f"http://127.0.0.1:{house.port}", pairs


if __name__ == "__main__":
    main()
