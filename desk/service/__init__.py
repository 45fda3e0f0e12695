"""What the desk does, a class per concern."""
