"""What the bot does: it answers, and it is trained."""
