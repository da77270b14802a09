"""Which pages may open a WebSocket."""

from typing import Any

from channels.security import websocket


class OriginValidator(websocket.OriginValidator):
    """Pages of the allowed hosts, and programs: those send no Origin, and the token decides about them as well."""

    def valid_origin(self, parsed_origin: Any) -> bool:
        """Whether the connection may be opened."""
        return parsed_origin is None or bool(super().valid_origin(parsed_origin))
