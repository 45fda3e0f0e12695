"""The library's tables: entries in versions, how they are used, and what stayed unanswered."""
