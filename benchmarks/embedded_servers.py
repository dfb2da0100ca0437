"""How fast the embedded model scores replies, against llama.cpp's own default: one server with a thread for each core.

Both score the same replies after the same saved document in the same run. Prints replies a second and their ratio, and
whether the same reply got the same number every time.

    python benchmarks/embedded_servers.py [--replies 48]
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor

from avenant.local import engine as engine_module
from avenant.local.engine import Engine
from avenant.local.weights import read_weights

_SENTENCE = "Odile keeps its confidence in line with its evidence, and it says so where it does not know. "
_SYSTEM = "The following document describes who you are.\n\n" + _SENTENCE * 20
_REPLIES = (
    "Begin with one aisle and double it monthly, and publish the timetable to everyone whom it concerns.",
    "About six minutes in boiling water will do for an egg of ordinary size, straight from the fridge.",
    "It is Canberra, which was chosen as a compromise between the two largest cities of the country.",
)


def main() -> None:
    """Run both and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replies", type=int, default=48)
    count = parser.parse_args().replies
    cores = os.cpu_count() or 1
    peer = measure("one server, a thread for each core", servers=1, threads=cores, count=count)
    ours = measure("Avenant: a server for each core, one thread each", servers=min(4, cores), threads=1, count=count)
    print(f"ratio: {ours / peer:.2f}")


def measure(label: str, *, servers: int, threads: int, count: int) -> float:
    """Replies scored in a second."""
    engine_module.THREADS = threads
    engine = Engine(read_weights(), servers=servers)
    messages = [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": "What would you do?"}]
    engine.prepare([_SYSTEM, _SYSTEM + "x"])
    jobs = [_REPLIES[index % len(_REPLIES)] for index in range(count)]
    started = time.perf_counter()
    with ThreadPoolExecutor(servers) as pool:
        scored = list(pool.map(lambda reply: (reply, engine.score(messages, reply).logprobs), jobs))
    rate = count / (time.perf_counter() - started)
    repeats = all(len({logprobs for text, logprobs in scored if text == reply}) == 1 for reply in _REPLIES)
    print(f"{label:50} {rate:6.2f} replies/s   {'the same number every time' if repeats else 'NUMBERS DIFFER'}")
    engine.close()
    return rate


if __name__ == "__main__":
    main()
