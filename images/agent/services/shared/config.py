"""The agent's variables. What the settings need is required always; what serving needs, only of processes that serve."""

import os
from dataclasses import dataclass
from functools import lru_cache

from common.environment import flag, require

ALWAYS = (
    "SA01_DB_DSN",
    "SA01_REDIS_URL",
    "SA01_KEYCLOAK_URL",
    "SA01_KEYCLOAK_REALM",
    "SA01_KEYCLOAK_CLIENT_ID",
    "SECRET_KEY",
    "SA01_ALLOWED_HOSTS",
)
SERVING = ("SPICEDB_HOST", "SPICEDB_PORT", "SPICEDB_TOKEN")
CLUSTER = ("SA01_KAFKA_BOOTSTRAP_SERVERS",)
REMOTE = ("SA01_SOMA_BASE_URL", "SOMAMEMORY_API_URL", "SOMA_MEMORY_API_TOKEN")

CLUSTER_MODE = "SomaStackClusterMode"
MODES = ("StandAlone", CLUSTER_MODE)


@dataclass(frozen=True)
class Runtime:
    """What a serving process knows of the stack around it."""

    redis_url: str
    keycloak_url: str
    keycloak_realm: str
    keycloak_client: str
    spicedb_target: str
    spicedb_token: str
    spicedb_tls: bool
    policy_url: str
    cluster: bool
    in_process: bool
    kafka: str
    brain_url: str
    memory_url: str
    service_token: str


def software_mode() -> str:
    """SOMASTACK_SOFTWARE_MODE. Ends the process with one line on a value that is none of the two."""
    mode = os.environ.get("SOMASTACK_SOFTWARE_MODE") or MODES[0]
    if mode not in MODES:
        raise SystemExit(f"agent: SOMASTACK_SOFTWARE_MODE is {mode!r}; allowed are {' and '.join(MODES)}.")
    return mode


def features() -> dict[str, bool]:
    """The feature flags with the guide's defaults."""
    defaults = {"MEMORY_ENABLED": True, "VOICE_ENABLED": False, "MCP_ENABLED": True, "CODE_EXECUTION_ENABLED": False}
    return {name: flag(name, default) for name, default in defaults.items()}


@lru_cache(maxsize=1)
def runtime() -> Runtime:
    """The variables that serving needs. Ends the process with one line that names all that are missing."""
    cluster, in_process = software_mode() == CLUSTER_MODE, flag("SOMA_SAAS_MODE", False)
    policy = "SA01_OPA_URL" if os.environ.get("SA01_OPA_URL") else "SA01_POLICY_URL"
    remote = cluster and not in_process
    require([*ALWAYS, *SERVING, policy, *(CLUSTER if cluster else ()), *(REMOTE if remote else ())], "agent")
    get = os.environ.get
    return Runtime(
        redis_url=os.environ["SA01_REDIS_URL"],
        keycloak_url=os.environ["SA01_KEYCLOAK_URL"].rstrip("/"),
        keycloak_realm=os.environ["SA01_KEYCLOAK_REALM"],
        keycloak_client=os.environ["SA01_KEYCLOAK_CLIENT_ID"],
        spicedb_target=f"{os.environ['SPICEDB_HOST']}:{os.environ['SPICEDB_PORT']}",
        spicedb_token=os.environ["SPICEDB_TOKEN"],
        spicedb_tls=not flag("SPICEDB_INSECURE", True),
        policy_url=os.environ[policy].rstrip("/") + get("SA01_POLICY_DATA_PATH", "/v1/data/soma/policy/allow"),
        cluster=cluster,
        in_process=in_process,
        kafka=get("SA01_KAFKA_BOOTSTRAP_SERVERS", ""),
        brain_url=get("SA01_SOMA_BASE_URL", "").rstrip("/"),
        memory_url=get("SOMAMEMORY_API_URL", "").rstrip("/"),
        service_token=get("SOMA_MEMORY_API_TOKEN", ""),
    )
