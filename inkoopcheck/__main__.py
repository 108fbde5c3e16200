"""Run the command line with ``python -m inkoopcheck``."""

from inkoopcheck.cli.main import main

if __name__ == "__main__":
    main()
