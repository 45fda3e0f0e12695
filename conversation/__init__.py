"""The kernel: facts, the fold, the log and how a room follows it. Imports nothing of kefu."""
