"""Room 4: the right words and the next step, before the agent asks."""
