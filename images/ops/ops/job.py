"""What the jobs share: progress lines, bounded retries on connection errors, one deadline."""

import signal
from collections.abc import Callable
from typing import Any, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_never, wait_exponential

T = TypeVar("T")


class JobError(Exception):
    """A job that cannot succeed; the text is the one line that the user sees."""


class NotThereYet(Exception):
    """A server that does not accept work yet; worth another try until the deadline."""


_waiting_for = ""


def say(text: str) -> None:
    """One progress line."""
    print(text, flush=True)


def retry(action: Callable[[], T]) -> T:
    """Calls `action` until it does not raise NotThereYet; the job's deadline bounds the tries."""

    def remember(state: Any) -> None:
        global _waiting_for
        reason = str(state.outcome.exception())
        if reason != _waiting_for:
            say(f"waiting: {reason}")
        _waiting_for = reason

    retrying = Retrying(
        stop=stop_never,
        wait=wait_exponential(multiplier=0.25, max=3),
        retry=retry_if_exception_type(NotThereYet),
        before_sleep=remember,
        reraise=True,
    )
    return retrying(action)


def set_deadline(seconds: float) -> None:
    """Makes the main thread raise JobError after `seconds`, whatever it waits for."""

    def expire(*_: Any) -> None:
        raise JobError(f"not finished within {seconds:g} s" + (f"; last seen: {_waiting_for}" if _waiting_for else ""))

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
