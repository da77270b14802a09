"""Decisions of OPA; what it does not allow, or does not answer, is denied."""

from typing import Any

from common.probe import ProbeError
from common.probes import opa_decision
from services.shared.config import runtime


class PolicyDenied(Exception):
    """The action is not allowed; the text says why."""


def decide(subject: str, action: str, resource: str) -> bool:
    """OPA's decision. Raises ProbeError when there is none."""
    document: dict[str, Any] = {"subject": subject, "action": action, "resource": resource}
    return opa_decision(runtime().policy_url, document)


def enforce(subject: str, action: str, resource: str) -> None:
    """Raises PolicyDenied unless OPA says yes."""
    try:
        if decide(subject, action, resource):
            return
    except ProbeError as error:
        raise PolicyDenied(f"no decision: {error}") from None
    raise PolicyDenied(f"{action} on {resource} is not allowed")
