"""Speed and memory, measured beside vanilla Rasa on the same machine in the same run."""
