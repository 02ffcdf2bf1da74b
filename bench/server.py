"""The process that is measured: Strand and what it is compared with, each on a port of its own.

`python -m bench.server PLAN` (JSON) prints the ports, and stops when its standard input ends.
"""

import asyncio
import json
import os
import socket
import sys
import time
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.cli.server import settle_memory
from app.db import make_engine
from app.main import create_app
from app.settings import Settings
from app.web.http.deps import SessionRoute, VisitDep
from bench import bare, fair
from bench.profiling import Sampler

CORE = 0


def main() -> None:
    """Serve what the plan names until nobody reads on."""
    pin(CORE)
    plan: dict[str, str] = json.loads(sys.argv[1])
    asyncio.Runner(loop_factory=uvicorn.Config(tell_cpu).get_loop_factory()).run(serve(plan))


def pin(core: int) -> None:
    """Keep this process on one core, where the machine has several and lets us choose."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > core:
        os.sched_setaffinity(0, {core})


def applications(plan: dict[str, str]) -> dict[str, ASGIApp]:
    """Everything that the plan has a database for."""
    served: dict[str, ASGIApp] = {"cpu": tell_cpu, "bare": bare.nothing_but_a_route()}
    if "sqlite" in plan:
        served["strand"] = strand(plan["folder"], plan["sqlite"])
        served["bare-sqlite"] = bare.sqlite_log(plan["bare_sqlite"])
        served["fair"] = fair.sqlite_program(plan["fair_sqlite"])
    if "postgres" in plan:
        served["strand-postgres"] = strand(plan["folder"], plan["postgres"])
        served["bare-postgres"] = bare.postgres_log(plan["bare_postgres"])
    return served


def strand(folder: str, url: str) -> FastAPI:
    """Strand as it is served, with two routes that do nothing before its own."""
    settings = Settings(data_dir=Path(folder), database_url=url, base_url=None)
    app = create_app(settings, make_engine(url))
    app.add_api_route("/bare", bare.answer_nothing, methods=["POST"])
    app.router.routes.append(SessionRoute("/signed-in", answer_signed_in, methods=["GET", "POST"]))
    app.router.routes[:0] = [app.router.routes.pop(), app.router.routes.pop()]
    return app


def answer_signed_in(visit: VisitDep) -> Response:
    """The least a route can do for somebody who is signed in, in a thread as all of ours."""
    return Response(status_code=204)


async def tell_cpu(scope: Scope, receive: Receive, send: Send) -> None:
    """How many nanoseconds of CPU this process has used, in all of its threads; its memory;
    between two questions for its profile, where the time between them went.
    """
    if scope["type"] == "http":
        told = {"/memory": lambda: resident(os.getpid()), "/profile": profile}
        asked = told.get(scope["path"], time.process_time_ns)()
        await PlainTextResponse(str(asked))(scope, receive, send)


def profile() -> str:
    """Begin to sample; asked again, end, and say where the samples fell."""
    if not _samplers:
        _samplers.append(Sampler())
        _samplers[0].start()
        return "{}"
    return json.dumps(_samplers.pop().stop())


_samplers: list[Sampler] = []


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def serve(plan: dict[str, str]) -> None:
    """Start every server, say where they are, wait for the end of standard input."""
    servers: list[uvicorn.Server] = []
    ports: dict[str, int] = {}
    tasks = []
    for name, app in applications(plan).items():
        listening = socket.create_server(("127.0.0.1", 0))
        ports[name] = listening.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            # The first look at ten years takes longer than a connection is kept otherwise.
            timeout_keep_alive=60,
        )
        servers.append(uvicorn.Server(config))
        tasks.append(asyncio.create_task(servers[-1].serve([listening])))
    settle_memory()
    while not all(server.started for server in servers):
        await asyncio.sleep(0.01)
    print(json.dumps(ports), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    main()
