"""Runs the checks of a readiness endpoint side by side, with one deadline for all."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from common.probe import ProbeError, describe

Checks = Mapping[str, Callable[[], Any]]

_pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="readiness")


def run_checks(checks: Checks, timeout: float = 5.0) -> tuple[bool, dict[str, Any]]:
    """Whether all checks passed, and each one's status, latency in milliseconds and error."""
    results: dict[str, dict[str, Any]] = {}

    def run(name: str, check: Callable[[], Any]) -> None:
        started = time.monotonic()
        try:
            check()
            outcome: dict[str, Any] = {"status": "healthy"}
        except ProbeError as error:
            outcome = {"status": "unhealthy", "error": str(error)}
        except Exception as error:  # a check must never break the endpoint that reports it
            outcome = {"status": "unhealthy", "error": f"{type(error).__name__}: {describe(error)}"}
        results[name] = {**outcome, "latency_ms": round((time.monotonic() - started) * 1000, 1)}

    wait([_pool.submit(run, name, check) for name, check in checks.items()], timeout=timeout)
    late = {"status": "unhealthy", "error": f"no answer within {timeout:g} s"}
    report = {name: results.get(name, late) for name in checks}
    return all(entry["status"] == "healthy" for entry in report.values()), report
