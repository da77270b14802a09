"""Processes of the brain that serve no HTTP."""
