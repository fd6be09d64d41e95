"""What choosing frames saves and what it misses: scenes and clips in virtual time, policies side by side."""
