"""What managers read: funnel, forecast, receivables, leads that wait."""
