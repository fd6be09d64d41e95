"""A local AWS endpoint: Rekognition's face operations of our own beside moto, on one loopback port."""
