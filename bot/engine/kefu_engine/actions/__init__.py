"""What the bot does: forms over the shop's orders, the way to a person, the sentence that was not understood."""
