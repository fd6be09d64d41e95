"""How well boxes and labels stay on the faces: clips through the real picture path in virtual time."""
