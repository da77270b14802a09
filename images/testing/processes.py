"""Starts an image's program as its container would: from its folder, with its environment and nothing else."""

import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

IMAGES = Path(__file__).resolve().parent.parent


@cache
def app(image: str) -> Path:
    """A folder that holds what /app holds in the container: the image's files and `common`."""
    folder = Path(tempfile.mkdtemp(prefix=f"{image}-"))
    atexit.register(shutil.rmtree, folder)
    for entry in [IMAGES / "common", *(IMAGES / image).iterdir()]:
        (folder / entry.name).symlink_to(entry)
    return folder


def environment(image: str, variables: Mapping[str, str]) -> dict[str, str]:
    """The container's variables; `python` is this interpreter."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    base = {"PATH": path, "PYTHONPATH": f"{app(image)}", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    return {**base, **variables}


def run(image: str, command: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs to the end, 40 s at most."""
    return subprocess.run(
        command, cwd=app(image), env=environment(image, variables), capture_output=True, text=True, timeout=40, check=False
    )


class Running:
    """A process under test."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.process, self._log = process, log

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self._log.read_text()

    def stop(self) -> int:
        """Asks it to end as Docker does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextlib.contextmanager
def running(image: str, command: Sequence[str], variables: Mapping[str, str]) -> Iterator[Running]:
    """A process that lives while the context lasts; what it wrote is shown when the test fails."""
    log = Path(tempfile.mkstemp(suffix=".log")[1])
    with log.open("wb") as sink:
        process = subprocess.Popen(command, cwd=app(image), env=environment(image, variables), stdout=sink, stderr=sink)
    under_test = Running(process, log)
    try:
        yield under_test
    except BaseException:
        print(f"--- {' '.join(command)}\n{under_test.output[-4000:]}")
        raise
    finally:
        if process.poll() is None:
            under_test.stop()
        log.unlink()
