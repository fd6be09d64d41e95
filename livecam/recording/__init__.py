"""Pure: when frames are recorded, how, and what is kept. Told the time, the faces and what things cost."""
