"""The HTTP side of a service: requests, replies, routing, and what the wire contract asks of every answer."""
