"""The doors to dialogue engines."""
