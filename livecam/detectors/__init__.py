"""What can say which faces are in a frame: one detector per file."""
