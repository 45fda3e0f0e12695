"""What runs inside Rasa's graph: language, entities, intents, rules."""
