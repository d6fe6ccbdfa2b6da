"""mt: machine translation."""
