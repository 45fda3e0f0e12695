"""The HTTP hallway: who you are, what you may, what went wrong, and what is happening now."""
