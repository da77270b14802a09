"""SomaStack's tool: one-off jobs and the combined health endpoint."""
