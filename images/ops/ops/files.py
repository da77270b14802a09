"""Prepares the folders of a task before its main container starts: files put in place, folders that others may write to.

It runs as root without any capability: the folders of a task belong to root when it starts, and their owner may write to them
and change their mode.
"""

import base64
import binascii
import gzip
import json
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from ops.config import JobConfig, Strict
from ops.job import JobError, say

# Where an engine finds a folder empty it copies the image's own folder over it, with its mode; one that gets files is not empty.
MARK = ".prepared"


class Folder(Strict):
    """A folder; `writable` lets any user write to it, as /tmp does."""

    path: Annotated[str, Field(pattern=r"^/")]
    writable: bool


class File(Strict):
    """A file, readable by everyone."""

    path: Annotated[str, Field(pattern=r"^/")]
    content: str


Files = TypeAdapter(list[File])


class Config(JobConfig):
    """Folders that exist, and files below them: JSON in gzip in base64."""

    folders: list[Folder]
    archive: str = ""

    @field_validator("folders")
    @classmethod
    def some(cls, folders: list[Folder]) -> list[Folder]:
        """Without a folder there is nothing to do."""
        if not folders:
            raise ValueError("no folder")
        return folders


def run(config: Config) -> None:
    """Writes the files and sets the modes. Raises JobError when the archive cannot be read or a file lies in no folder."""
    for folder in config.folders:
        path = Path(folder.path)
        if folder.writable:
            path.joinpath(MARK).touch()
        path.chmod(0o1777 if folder.writable else 0o755)
    files = unpack(config.archive) if config.archive else []
    for file in files:
        write(file, config.folders)
    say(f"folders: {len(config.folders)} prepared, {len(files)} files written")


def unpack(archive: str) -> list[File]:
    """The files of an archive."""
    try:
        return Files.validate_python(json.loads(gzip.decompress(base64.b64decode(archive, validate=True))))
    except (binascii.Error, OSError, EOFError, ValueError, ValidationError) as error:
        raise JobError(f"the archive cannot be read: {type(error).__name__}") from None


def write(file: File, folders: list[Folder]) -> None:
    """One file, with the folders between it and its prepared one."""
    path = PurePosixPath(file.path)
    top = next((PurePosixPath(folder.path) for folder in folders if path.is_relative_to(folder.path)), None)
    if top is None or ".." in path.parts:
        raise JobError(f"{file.path} lies in none of the folders")
    for parent in reversed([p for p in path.parents if p.is_relative_to(top) and p != top]):
        Path(parent).mkdir(mode=0o755, exist_ok=True)
        Path(parent).chmod(0o755)
    Path(path).write_text(file.content, encoding="utf-8")
    Path(path).chmod(0o644)
