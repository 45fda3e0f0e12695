"""What the bot decides without asking anybody; pure."""
