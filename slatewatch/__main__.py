"""`python -m slatewatch`."""

from .cli import run

run()
