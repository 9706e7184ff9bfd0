"""What has happened to a document: its history as its readers may see it, and what they say about it."""
