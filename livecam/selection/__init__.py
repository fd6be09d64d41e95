"""Which frames are worth a paid call: pure. Told the time, what is known of faces, what became of calls."""
