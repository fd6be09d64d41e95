"""What can be seen of a picture at a glance, for those who judge it."""
