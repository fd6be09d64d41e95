"""What goes where on the picture, and drawing it there."""
