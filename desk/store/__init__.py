"""What the desk keeps beside the log."""
