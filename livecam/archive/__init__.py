"""The folder of clips: writing them, finishing them, taking up what a crash left, keeping and deleting."""
