"""The dialogue engine of kefu: Rasa as a pure function (dialogue state, message) → (turn, new state)."""
