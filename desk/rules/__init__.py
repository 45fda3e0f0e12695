"""What the desk decides; pure."""
