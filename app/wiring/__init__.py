"""How each room is put together: one file a room, called by app/house.py alone."""
