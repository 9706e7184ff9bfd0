"""Contracts: from draft to completion, and what ERP says about them."""
