"""The desk's doors to the outside."""
