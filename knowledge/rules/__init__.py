"""What knowledge decides; pure."""
