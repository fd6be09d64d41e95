"""Where frames come from: one source per file, each with a thread of its own."""
