"""Where the index, the parsers and vectors are met."""
