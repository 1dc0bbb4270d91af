"""What the import promises when things go wrong, tried out: `python -m bench.drills`."""
