"""The widget door: a socket, and the same over REST."""
