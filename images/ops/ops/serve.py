"""The combined health endpoint: /health, /metrics, and /live for its own container."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, Info, generate_latest
from pydantic import Field, field_validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from common import logs
from ops import page
from ops.checks import Check
from ops.config import Strict, secret
from ops.monitor import Monitor

BUILD = Info("somastack_health_build", "What serves this")


class Config(Strict):
    """The stack's name and its checks; interval and timeout in seconds, port of all interfaces of the container."""

    stack: str
    interval_seconds: Annotated[float, Field(gt=0)] = 5
    timeout_seconds: Annotated[float, Field(gt=0)] = 4
    port: int = 8010
    checks: list[Check]

    @field_validator("checks")
    @classmethod
    def distinct(cls, checks: list[Check]) -> list[Check]:
        """A service is answered for once."""
        twice = [name for name, count in Counter(check.service for check in checks).items() if count > 1]
        if twice:
            raise ValueError(f"services with more than one check: {', '.join(twice)}")
        return checks


def make_application(config: Config) -> Starlette:
    """The ASGI application; probing starts and ends with its lifespan."""
    monitor = Monitor(config.checks, config.interval_seconds, config.timeout_seconds)
    BUILD.info({"stack": config.stack, "services": str(len(config.checks))})

    async def health(request: Request) -> Response:
        healthy, services = await monitor.report()
        waiting = any(entry["status"] == "unknown" for entry in services.values())
        status = "unknown" if waiting else "healthy" if healthy else "unhealthy"
        code, headers = (200 if healthy else 503), {"Cache-Control": "no-store", "Vary": "Accept"}
        if prefers_html(request.headers.get("accept", "")):
            return HTMLResponse(page.render(config.stack, status, services, config.interval_seconds), code, headers)
        return JSONResponse({"status": status, "stack": config.stack, "services": services}, code, headers)

    async def live(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @contextlib.asynccontextmanager
    async def lifespan(_application: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(monitor.run())
        yield
        task.cancel()

    return Starlette(routes=[Route("/health", health), Route("/live", live), Route("/metrics", metrics)], lifespan=lifespan)


def prefers_html(accept: str) -> bool:
    """Browsers name text/html; it wins unless JSON is named before it."""
    kinds = [part.split(";")[0].strip() for part in accept.lower().split(",")]
    return "text/html" in kinds and "application/json" not in kinds[: kinds.index("text/html")]


def run(config: Config) -> None:
    """Serves until SIGTERM. Raises ConfigError when a secret is not there."""
    for check in config.checks:
        for name in check.secret_names():
            secret(name)
    uvicorn.run(
        make_application(config), host="0.0.0.0", port=config.port,
        log_config=logs.config(), access_log=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
