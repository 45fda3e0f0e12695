"""Room 4: what an agent may say and do next, and what became of it."""
