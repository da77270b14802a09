"""python -m ops COMMAND: the configuration comes from OPS_CONFIG, the secrets from the variables that it names."""

import argparse
import importlib
import os
import sys

from ops.config import ConfigError, load
from ops.job import set_deadline

# Each command is a module of this name with a model Config and a function run; only the one asked for is imported.
COMMANDS = {
    "serve": "combined health on port 8010",
    "roles": "PostgreSQL roles and databases",
    "topics": "Kafka topics",
    "bucket": "S3 buckets",
    "schema": "the SpiceDB schema",
    "realm": "the Keycloak realm and its client",
    "namespace": "the Temporal namespace",
    "files": "folders and files of a task",
    "relay": "health questions with a Host header, on port 8099",
}

# These run until they are stopped.
SERVERS = ("serve", "relay")


def main() -> int:
    """Exit code 0 on success, 1 with a one-line reason on failure, 2 on a configuration that cannot be used."""
    parser = argparse.ArgumentParser(prog="ops", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in COMMANDS.items():
        commands.add_parser(name, help=text)
    name = parser.parse_args().command
    module = importlib.import_module(f"ops.{name}")
    try:
        config = load(module.Config)
        if name not in SERVERS:
            set_deadline(config.timeout_seconds)
        module.run(config)
    except ConfigError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        if os.environ.get("OPS_DEBUG"):
            raise
        text = " ".join(str(error).split()) or type(error).__name__
        print(f"{name} failed: {text}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
