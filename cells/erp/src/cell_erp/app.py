"""The ERP cell, put together."""

from __future__ import annotations

from cell_erp.accounts.documents import Account, AccountMapping
from cell_erp.deliveries.documents import Delivery
from cell_erp.invoices.documents import Invoice
from cell_erp.items.documents import Item
from cell_erp.orders.documents import Order
from cell_erp.orders.handlers import on_contract_effective
from cell_erp.partners.documents import Partner
from cell_erp.periods.documents import Period
from cell_erp.receipts.documents import Allocation, Receipt
from cell_erp.reports.ledger import account_ledger, ar_statement, trial_balance
from cell_erp.reports.receivables import ar_ageing
from cell_erp.reports.stock import stock_balance
from cell_erp.setup.documents import Book, Preparation
from cell_erp.stock.documents import StockBalance, StockLedger, StockReceipt
from cell_erp.taxes.documents import TaxRate
from cell_erp.vouchers.documents import GeneralLedger, Voucher
from cell_erp.warehouses.documents import Warehouse
from cellkit.cell import Cell
from cellkit.labels import L

cell = Cell(
    "erp",
    label=L("企业资源计划", "ERP"),
    version="0.1.0",
    port=8102,
    package="cell_erp",
    documents=[
        Item,
        Partner,
        Warehouse,
        Order,
        Delivery,
        Invoice,
        Receipt,
        Allocation,
        StockReceipt,
        StockLedger,
        StockBalance,
        Voucher,
        GeneralLedger,
        Account,
        AccountMapping,
        Period,
        TaxRate,
        Book,
        Preparation,
    ],
    handlers=[on_contract_effective],
    reports=[trial_balance, account_ledger, ar_ageing, ar_statement, stock_balance],
    publishes=[
        "erp.order.rejected.v1",
        "erp.invoice.issued.v1",
        "erp.receipt.allocated.v1",
        "erp.allocation.reversed.v1",
    ],
)
service = cell.service
