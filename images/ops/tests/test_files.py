"""The command that prepares the folders of a task."""

import base64
import gzip
import json
import stat
import subprocess
from pathlib import Path
from typing import Any

from testing.processes import run


def prepare(config: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Runs the command."""
    return run("ops", ["python", "-m", "ops", "files"], {"OPS_CONFIG": json.dumps(config)})


def archive(files: dict[str, str]) -> str:
    """Files as the command gets them."""
    text = json.dumps([{"path": path, "content": content} for path, content in files.items()])
    return base64.b64encode(gzip.compress(text.encode())).decode()


def mode(path: Path) -> int:
    """Permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_files_get_their_place_and_mode(tmp_path: Path) -> None:
    shared, settings = tmp_path / "0", tmp_path / "1"
    shared.mkdir()
    settings.mkdir()
    folders = [{"path": str(shared), "writable": True}, {"path": str(settings), "writable": False}]
    ended = prepare({"folders": folders, "archive": archive({f"{settings}/a.yml": "a: ä\n", f"{settings}/deep/er/b.json": "{}"})})
    assert ended.returncode == 0, ended.stderr
    assert "folders: 2 prepared, 2 files written" in ended.stdout
    assert mode(shared) == 0o1777 and mode(settings) == 0o755
    assert (settings / "a.yml").read_text("utf-8") == "a: ä\n" and mode(settings / "a.yml") == 0o644
    assert (settings / "deep" / "er" / "b.json").exists() and mode(settings / "deep") == 0o755
    # A folder that is not empty is not filled from the image.
    assert list(shared.iterdir()) and not (settings / ".prepared").exists()


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    config = {"folders": [{"path": str(tmp_path), "writable": False}], "archive": archive({f"{tmp_path}/x/a": "1"})}
    assert prepare(config).returncode == 0 and prepare(config).returncode == 0
    assert (tmp_path / "x" / "a").read_text() == "1"


def test_a_file_outside_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    folders = [{"path": str(inside), "writable": False}]
    for path in (f"{tmp_path}/outside", f"{inside}/../outside", f"{inside}side"):
        ended = prepare({"folders": folders, "archive": archive({path: "x"})})
        assert ended.returncode == 1 and "lies in none of the folders" in ended.stderr
    assert list(inside.iterdir()) == []


def test_a_broken_archive_is_one_line(tmp_path: Path) -> None:
    ended = prepare({"folders": [{"path": str(tmp_path), "writable": False}], "archive": "H4sIAAAA"})
    assert ended.returncode == 1 and ended.stderr.startswith("files failed: the archive cannot be read")
    assert prepare({"folders": []}).returncode == 2
