"""The rule engine: pure, the same while a conversation runs and after it."""
