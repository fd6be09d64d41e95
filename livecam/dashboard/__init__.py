"""The view in a browser: its server, what its panels know, and its page."""
