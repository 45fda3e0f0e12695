"""What the bot keeps beside the log: messages to look at, examples, versions of its model."""
