"""Receivable plans: when which part of a contract is to be paid."""
