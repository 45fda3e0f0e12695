"""Room 1: the doors to the customer."""
