"""What concerns a user himself: who he is, his sessions, his preferences."""
