"""Deliveries: goods leave, their cost is posted."""
