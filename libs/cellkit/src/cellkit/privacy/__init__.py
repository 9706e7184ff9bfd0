"""Privacy: keys per tenant, reveal with a reason, search, copy and erasure of a person's data, retention."""
