"""Probes every service again and again, and keeps the last answer of each."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from common.probe import ProbeError, describe
from ops.checks import Base
from ops.config import secret

UP = Gauge("somastack_service_up", "1 when the last probe of the service succeeded", ["service", "layer"])
SECONDS = Histogram("somastack_probe_duration_seconds", "Duration of probes", ["service", "layer"])
FAILURES = Counter("somastack_probe_failures", "Probes that failed", ["service", "layer"])

RETRY = 0.5  # seconds


@dataclass(frozen=True)
class Result:
    """The outcome of one probe; `finished` is on the monotonic clock."""

    healthy: bool
    error: str
    latency_ms: float
    checked_at: datetime
    finished: float


class Watch:
    """One service under watch. Its probes never overlap, also when one hangs in a library or in a name server."""

    def __init__(self, check: Base, pool: ThreadPoolExecutor, timeout: float) -> None:
        self.check, self.result = check, None
        self.result: Result | None
        self._pool, self._timeout = pool, timeout
        self._lock = asyncio.Lock()
        self._running: Future[None] | None = None
        self._labels = (check.service, check.layer)
        UP.labels(*self._labels).set(0)
        FAILURES.labels(*self._labels)

    async def refresh(self, older_than: float) -> None:
        """Probes unless the last answer is younger than `older_than` seconds."""
        async with self._lock:
            if self.result is None or time.monotonic() - self.result.finished > older_than:
                self.result = await self._probe()

    async def _probe(self) -> Result:
        started = time.monotonic()
        error = ""
        try:
            if self._running is None or self._running.done():
                self._running = self._pool.submit(self.check.probe, self._timeout)
            # The thread is not cancelled: it holds its place until its library lets go of it.
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._running)), self._timeout + 0.5)
        except TimeoutError:
            error = f"no answer within {self._timeout:g} s"
        except ProbeError as failure:
            error = self._without_secrets(str(failure))
        except Exception as failure:
            error = self._without_secrets(f"{type(failure).__name__}: {describe(failure)}")
        finished = time.monotonic()
        SECONDS.labels(*self._labels).observe(finished - started)
        UP.labels(*self._labels).set(0 if error else 1)
        if error:
            FAILURES.labels(*self._labels).inc()
        return Result(not error, error, round((finished - started) * 1000, 1), datetime.now(UTC), finished)

    def _without_secrets(self, text: str) -> str:
        for name in self.check.secret_names():
            text = text.replace(secret(name), "***")
        return text

    def report(self) -> dict[str, Any]:
        """The service's entry in the answer of /health."""
        if self.result is None:
            return {"status": "unknown", "layer": self.check.layer, "latency_ms": None, "checked_at": None, "age_seconds": None}
        entry = {
            "status": "healthy" if self.result.healthy else "unhealthy",
            "layer": self.check.layer,
            "latency_ms": self.result.latency_ms,
            "checked_at": self.result.checked_at.isoformat(timespec="milliseconds"),
            "age_seconds": round(time.monotonic() - self.result.finished, 2),
        }
        return entry if self.result.healthy else {**entry, "error": self.result.error}


class Monitor:
    """All services of a stack."""

    def __init__(self, checks: Sequence[Base], interval: float, timeout: float) -> None:
        self._interval = interval
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(checks)), thread_name_prefix="probe")
        self.watches = [Watch(check, self._pool, timeout) for check in checks]

    async def run(self) -> None:
        """Probes for ever, each service on its own clock: one that hangs delays no other."""

        async def follow(watch: Watch) -> None:
            while True:
                started = time.monotonic()
                await watch.refresh(older_than=0)
                await asyncio.sleep(max(0.0, self._interval - (time.monotonic() - started)))

        await asyncio.gather(*(follow(watch) for watch in self.watches))

    def _patience(self, watch: Watch) -> float:
        """Seconds for which the last answer counts."""
        return self._interval if watch.result and watch.result.healthy else min(RETRY, self._interval)

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether all are healthy, and each one's entry, none older than the interval; unknown before the first round.

        A failure is asked about again after half a second, so that a service that came up counts at once.
        """
        if all(watch.result for watch in self.watches):
            await asyncio.gather(*(watch.refresh(self._patience(watch)) for watch in self.watches))
        services = {watch.check.service: watch.report() for watch in self.watches}
        return all(entry["status"] == "healthy" for entry in services.values()), services
