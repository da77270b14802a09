"""The errors that the emulator knows by name."""


class NotFound(Exception):
    """No such container."""


class ImageNotFound(NotFound):
    """No such image."""
