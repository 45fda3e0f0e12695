"""Documents and FAQ to answers with their source."""
