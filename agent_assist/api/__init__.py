"""Agent assist over HTTP."""
