"""gunicorn for the brain and memory samples. WEB_CONCURRENCY (default 2) processes of 4 threads each."""

import os
from pathlib import Path
from typing import Any

from common import logs

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "gthread"
# Heartbeats belong in memory: the root file system is read-only.
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
timeout = 60
graceful_timeout = 20
keepalive = 5
logconfig_dict = logs.config()

# Each process counts for itself; /metrics adds the files up.
METRICS = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", "/tmp/metrics"))
METRICS.mkdir(parents=True, exist_ok=True)


def on_starting(_server: Any) -> None:
    """Forgets what processes of an earlier start counted."""
    for file in METRICS.glob("*.db"):
        file.unlink()


def child_exit(_server: Any, worker: Any) -> None:
    """Takes the gauges of a process that ended out of the sum."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
