"""The data flow: frames to pictures, with detection running beside it."""
