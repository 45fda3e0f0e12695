"""Room 2: the bridge to the dialogue engine."""
