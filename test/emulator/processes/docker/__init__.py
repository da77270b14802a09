"""A double of Docker's Python client for the AWS emulator: a container is a process of this machine.

The emulator then decides by real ends of processes what becomes of tasks, deployments and log streams. Images are names only;
a container without a command waits until it is stopped.
"""

import os
import subprocess
import threading
import uuid
from collections.abc import Iterator
from typing import Any

from docker import errors

__all__ = ["Client", "errors", "from_env"]

_containers: dict[str, "Container"] = {}


class Container:
    """One process with its output."""

    def __init__(self, command: list[str] | None, environment: dict[str, str]) -> None:
        self.id = uuid.uuid4().hex * 2
        self.attrs: dict[str, Any] = {"NetworkSettings": {"Networks": {"test": {"IPAddress": "127.0.0.1"}}}}
        self._output = b""
        self._ended = threading.Event()
        self._process = subprocess.Popen(
            command or ["sleep", "600"],
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._output = self._process.stdout.read()
        self._process.wait()
        self._ended.set()

    @property
    def status(self) -> str:
        return "running" if self._process.poll() is None else "exited"

    def reload(self) -> None:
        """Nothing is cached."""

    def wait(self) -> dict[str, int]:
        return {"StatusCode": self._process.wait()}

    def logs(self, stream: bool = False, **_: Any) -> Iterator[bytes] | bytes:
        if not stream:
            return self._output
        self._ended.wait()
        return iter([self._output])

    def stop(self, timeout: int = 5) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def remove(self, **_: Any) -> None:
        if self.status == "running":
            self.stop()
        _containers.pop(self.id, None)


class Containers:
    """The containers of the engine."""

    def run(
        self, _image: str, command: list[str] | None = None, environment: dict[str, str] | None = None, **_: Any
    ) -> Container:
        container = Container(command, environment or {})
        _containers[container.id] = container
        return container

    def get(self, name: str) -> Container:
        if name not in _containers:
            raise errors.NotFound(name)
        return _containers[name]

    def list(self, **_: Any) -> list[Container]:
        return []


class Image:
    """An image that is there."""

    id = "sha256:" + "0" * 64

    def tag(self, *_: Any, **__: Any) -> bool:
        return True


class Images:
    """Every image is there."""

    def get_registry_data(self, *_: Any, **__: Any) -> Image:
        return Image()

    def pull(self, *_: Any, **__: Any) -> Image:
        return Image()

    def get(self, *_: Any, **__: Any) -> Image:
        return Image()


class Client:
    """What the emulator asks of Docker."""

    containers = Containers()
    images = Images()


def from_env(**_: Any) -> Client:
    """The engine."""
    return Client()
