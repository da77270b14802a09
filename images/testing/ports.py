"""Free ports and patience."""

import socket
import time
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(action: Callable[[], Any], seconds: float = 15.0) -> Any:
    """The first true answer of `action`; what it raises last, or an AssertionError, after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        failure: Exception | None = None
        try:
            if answer := action():
                return answer
        except Exception as error:
            failure = error
        if time.monotonic() > deadline:
            raise failure or AssertionError(f"not true within {seconds:g} s")
        time.sleep(0.05)
