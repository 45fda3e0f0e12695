"""The library, and how it is asked."""
