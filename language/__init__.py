"""The text toolkit: no business words."""
