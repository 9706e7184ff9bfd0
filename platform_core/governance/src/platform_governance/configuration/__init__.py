"""Settings that operators change while the platform runs: what there is, its versions, and how it takes effect."""
