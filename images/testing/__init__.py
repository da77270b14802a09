"""What the tests of the four images share: real servers where they are cheap, doubles where they are not."""
