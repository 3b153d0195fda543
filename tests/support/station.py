"""A station as its own process, to be killed: `python station.py STATE METHOD ADDRESS…`.

Erases the drives if it has never heard of them, goes on with what is unfinished otherwise.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bench.facade import JobEnded
from bench.plan import EraseRequest
from bench.settings import Settings
from ui.compose import open_bench


async def main(state: Path, method: str, addresses: tuple[str, ...]) -> None:
    bench = await open_bench(state, settings=Settings(checkpoint=0.0, rewind=0, window=1 << 20, stall=20.0))
    stream = bench.updates()
    known = {item.plan.facts.node for item in await bench.jobs()}
    resumption = await bench.resume()
    if resumption.refused:
        sys.exit(f"not resumed: {resumption.refused}")
    running = set(resumption.resumed)
    new = tuple(address for address in addresses if address not in known)
    if new:
        plans = await bench.plan(EraseRequest(addresses=new, method=method))
        running |= set(await bench.start(plans, "a test"))
    while running:
        update = await anext(stream)
        if isinstance(update, JobEnded):
            if update.problem is not None:
                sys.exit(f"job {update.job}: {update.problem}")
            running.discard(update.job)
    await bench.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], tuple(sys.argv[3:])))
