"""Quality over HTTP."""
