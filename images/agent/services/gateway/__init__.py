"""HTTP and WebSocket front of the agent."""
