"""What a user may do, in one document (wire contract §8)."""
