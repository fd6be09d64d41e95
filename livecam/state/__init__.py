"""What livecam remembers between runs, in the user's data folder. Holds no secret."""
