"""Where finished pictures and events go: one output per file."""
