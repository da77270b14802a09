"""tool.requests -> tool.results; metrics on 9090."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from common.kafka import Publisher
from services.shared.config import features
from services.shared.process import prepare, run

NAME, REQUESTS, RESULTS = "tool-executor", "tool.requests", "tool.results"

TOOLS: dict[str, Callable[[str], str]] = {
    "clock": lambda _argument: datetime.now(UTC).isoformat(timespec="seconds"),
    "count": lambda argument: f"{len(argument.split())} words",
    "digest": lambda argument: hashlib.sha256(argument.encode()).hexdigest(),
}


def handle(payload: dict[str, Any], publisher: Publisher) -> None:
    """Runs the tool and publishes its result, or why there is none. Raises ValueError on a message of another shape."""
    request, tool = payload.get("request_id"), payload.get("tool")
    if not isinstance(request, str) or not isinstance(tool, str):
        raise ValueError("not a tool request: request_id and tool must be texts")
    result = execute(tool, str(payload.get("argument", "")))
    publisher.publish(
        RESULTS, request, {"request_id": request, "conversation_id": payload.get("conversation_id"), "tool": tool, **result}
    )


def execute(tool: str, argument: str) -> dict[str, str]:
    """{"result"} or {"error"}."""
    if tool in TOOLS:
        return {"result": TOOLS[tool](argument)}
    if tool == "python" and not features()["CODE_EXECUTION_ENABLED"]:
        return {"error": "code execution is switched off (CODE_EXECUTION_ENABLED)"}
    return {"error": f"unknown tool {tool!r}; there are {', '.join(sorted(TOOLS))}"}


if __name__ == "__main__":
    prepare(NAME)
    run(NAME, REQUESTS, handle, metrics_port=9090)
