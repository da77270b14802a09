"""Reads OPS_CONFIG (JSON, no secrets) and the secrets that it names."""

import os
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class Strict(BaseModel):
    """A configuration object; a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JobConfig(Strict):
    """What every job takes: the seconds after which it gives up."""

    timeout_seconds: float = 120


class ConfigError(Exception):
    """A configuration that cannot be used."""


Config = TypeVar("Config", bound=Strict)


def load(model: type[Config]) -> Config:
    """OPS_CONFIG as `model`. Raises ConfigError that lists every fault."""
    text = os.environ.get("OPS_CONFIG", "")
    if not text:
        raise ConfigError("OPS_CONFIG is not set; it must hold the command's configuration as JSON")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        faults = [f"{'.'.join(str(part) for part in fault['loc']) or 'JSON'}: {fault['msg']}" for fault in error.errors()]
        raise ConfigError(f"OPS_CONFIG: {'; '.join(faults)}") from None


def secret(name: str) -> str:
    """The value of the environment variable that the configuration names. Raises ConfigError when it is unset or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise ConfigError(f"the secret {name} is not set in the environment")
    return value
