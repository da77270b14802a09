"""Waits until servers answer in their own protocols; used by entrypoints.

    python -m common.wait postgres=db:5432 redis=rediss://cache:6379 kafka=broker:9092 http=http://opa:8181/health

A deadline of WAIT_TIMEOUT_SECONDS (default 120) bounds the whole.
"""

import os
import sys
from collections.abc import Callable

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_exponential

from common import probes
from common.probe import ProbeError, http_probe


def postgres_accepts(address: str) -> None:
    """libpq's ping needs no log-in and tells a starting server from a ready one."""
    from psycopg import pq

    host, _, port = address.rpartition(":")
    # The name is not used; without one libpq looks for the system's user, which a container may not have.
    state = pq.PGconn.ping(f"host={host} port={port} user=anyone connect_timeout=4".encode())
    if state != pq.Ping.OK:
        raise ProbeError(f"{address}: {pq.Ping(state).name}")


def redis_answers(address: str) -> None:
    """A server that asks for a password answers, and that is enough here; `rediss://` before the address means TLS."""
    try:
        probes.redis(address if "://" in address else f"redis://{address}")
    except ProbeError as error:
        if "authentication" not in str(error).lower() and "noauth" not in str(error).lower():
            raise


WAITERS: dict[str, Callable[[str], object]] = {
    "postgres": postgres_accepts,
    "redis": redis_answers,
    "kafka": probes.kafka,
    "http": http_probe,
}


def main(arguments: list[str]) -> int:
    """Exit code 0 when every KIND=ADDRESS answers, else 1 with one line that names the first that does not."""
    deadline = float(os.environ.get("WAIT_TIMEOUT_SECONDS", "120"))
    for argument in arguments:
        kind, _, address = argument.partition("=")
        if kind not in WAITERS or not address:
            print(f"{argument!r} is not one of {', '.join(f'{name}=ADDRESS' for name in WAITERS)}", file=sys.stderr)
            return 2
        retrying = Retrying(
            stop=stop_after_delay(deadline),
            wait=wait_exponential(multiplier=0.2, max=2),
            retry=retry_if_exception_type(ProbeError),
        )
        try:
            retrying(WAITERS[kind], address)
        except RetryError as error:
            reason = error.last_attempt.exception()
            print(f"{kind} does not answer within {deadline:g} s: {reason}", file=sys.stderr)
            return 1
        print(f"{kind} at {address} answers", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
