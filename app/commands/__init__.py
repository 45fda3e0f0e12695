"""The commands of `kefu`, one file a room."""
