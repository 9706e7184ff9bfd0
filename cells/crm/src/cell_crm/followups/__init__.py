"""What was said and what is to be done: follow-ups and tasks."""
