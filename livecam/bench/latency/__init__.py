"""How long calls to Rekognition take, measured open loop, so that the figures can be trusted."""
