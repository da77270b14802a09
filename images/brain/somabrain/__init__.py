"""SomaBrain sample: evaluates a context with what the memory holds."""
