"""The display path on this machine: how late pictures are, what a frame costs, how many cameras go."""
