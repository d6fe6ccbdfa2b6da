"""`python -m kzalign` is the command line."""

from kzalign.cli import main

if __name__ == "__main__":
    main()
