"""Load tests: ``./run.sh bench``."""
