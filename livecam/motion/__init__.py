"""How faces moved between frames: a ring of small grey frames, and optical flow on a grid."""
