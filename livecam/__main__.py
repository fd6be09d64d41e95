"""`python -m livecam`."""

from livecam.cli.app import main

main()
