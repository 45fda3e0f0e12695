"""Quality at work: it watches what is said, scores what has ended, and keeps the review going."""
