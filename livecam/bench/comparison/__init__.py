"""Two measurements of calls side by side: which is faster, and whether that can be told at all."""
