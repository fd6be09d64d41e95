"""A clip told to people: one page that needs nothing else, a picture of its timelines, and tables."""
