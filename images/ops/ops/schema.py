"""The SpiceDB schema, written when it differs and then compared with what the server holds."""

import os

import grpc

from common.spicedb import open_spicedb
from ops.config import ConfigError, JobConfig, secret
from ops.job import JobError, NotThereYet, retry, say


class Config(JobConfig):
    """The server, the variable that holds its preshared key, and whether it speaks plain text."""

    target: str
    key_env: str
    insecure: bool = False


def run(config: Config) -> None:
    """Raises JobError when the schema is refused or is not what comes back."""
    text = os.environ.get("OPS_SCHEMA", "")
    if not text.strip():
        raise ConfigError("OPS_SCHEMA is not set; it must hold the schema's text")
    key = secret(config.key_env)
    say(f"schema at {config.target}: {retry(lambda: ensure_schema(config, key, text))}")


def ensure_schema(config: Config, key: str, text: str) -> str:
    """'present' or 'written'. Raises NotThereYet while the server does not answer."""
    try:
        with open_spicedb(config.target, key, tls=not config.insecure, timeout=10) as client:
            if client.read_schema() is not None and client.differences(text) == 0:
                return "present"
            client.write_schema(text)
            if left := client.differences(text):
                raise JobError(f"the schema at {config.target} differs in {left} points from what was written")
            return "written and verified"
    except grpc.RpcError as error:
        if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
            raise NotThereYet(f"spicedb at {config.target}: {error.code().name}") from None
        raise JobError(f"spicedb at {config.target}: {error.code().name}: {error.details()}") from None
