"""Room 5: every conversation read against the rules."""
