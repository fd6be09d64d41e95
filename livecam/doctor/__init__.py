"""`livecam doctor`: what works here and what does not, free of charge. Sends no picture, changes nothing."""
