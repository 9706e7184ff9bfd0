"""CRM cell: lead, opportunity, quote, contract, receivable plan, receipt."""
