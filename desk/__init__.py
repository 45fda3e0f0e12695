"""Room 3: people at their desks."""
