"""`python -m gapatlas` is the command line, for those who did not install the package."""

from gapatlas.cli import main

main()
