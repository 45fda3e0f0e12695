"""Files, models on disk, and what lies outside."""
