"""The Northwind files, and the tables that the import API takes."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

FILES = ("customers", "suppliers", "categories", "products", "orders", "order_details")
OPENING_DATE = "1996-07-01"
WAREHOUSE = "NW-01"
COST_SHARE = Decimal("0.6")
"""Northwind knows no purchase prices; stock opens at this share of the list price."""


class SourceError(Exception):
    """The folder is not a Northwind export; the message names what is missing."""


@dataclass(frozen=True, slots=True)
class Northwind:
    """The rows of every file, as text."""

    customers: list[dict[str, str]]
    suppliers: list[dict[str, str]]
    categories: list[dict[str, str]]
    products: list[dict[str, str]]
    orders: list[dict[str, str]]
    order_details: list[dict[str, str]]

    @property
    def shipped(self) -> list[dict[str, str]]:
        """Orders with a ship date, oldest first."""
        found = [order for order in self.orders if order["shipped_date"]]
        return sorted(found, key=lambda order: (order["shipped_date"], int(order["order_id"])))


def read(folder: Path) -> Northwind:
    """Read the folder; raises :class:`SourceError`."""
    tables = {}
    for name in FILES:
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise SourceError(f"找不到 {path} · missing: {path}")
        with path.open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    return Northwind(**tables)


def order_reference(order_id: str) -> str:
    """Our external number of a Northwind order."""
    return f"NW-{order_id}"


def item_code(product_id: str) -> str:
    """Our code of a Northwind product."""
    return f"NW-P{int(product_id):03}"


def supplier_code(supplier_id: str) -> str:
    """Our code of a Northwind supplier."""
    return f"NW-S{int(supplier_id):03}"


def partners(data: Northwind) -> list[dict[str, str]]:
    """Customers and suppliers as rows for ``imports/partners``."""
    rows = []
    for source, code, customer in (
        *((row, row["customer_id"], True) for row in data.customers),
        *((row, supplier_code(row["supplier_id"]), False) for row in data.suppliers),
    ):
        rows.append(
            {
                "code": code,
                "name": source["company_name"],
                "is_customer": "1" if customer else "0",
                "is_supplier": "0" if customer else "1",
                "contact": source["contact_name"],
                "phone": source["phone"],
                "country": source["country"],
                "city": source["city"],
                "address": source["address"].replace("\\n", " "),
                "postal_code": source["postal_code"],
            }
        )
    return rows


def items(data: Northwind) -> list[dict[str, str]]:
    """Products as rows for ``imports/items``."""
    categories = {row["category_id"]: row["category_name"] for row in data.categories}
    return [
        {
            "code": item_code(row["product_id"]),
            "name": row["product_name"],
            "specification": row["quantity_per_unit"],
            "category": categories.get(row["category_id"], ""),
            "sales_price": row["unit_price"],
        }
        for row in data.products
    ]


def opening_quantities(data: Northwind) -> dict[str, Decimal]:
    """Product id → opening stock: what was ordered in all, and what the file says is left."""
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for row in data.products:
        wanted[row["product_id"]] += Decimal(row["units_in_stock"])
    for row in data.order_details:
        wanted[row["product_id"]] += Decimal(row["quantity"])
    return dict(wanted)


def opening_stock(data: Northwind) -> list[dict[str, str]]:
    """The opening receipt as rows for ``imports/stock-receipts``."""
    prices = {row["product_id"]: Decimal(row["unit_price"]) for row in data.products}
    return [
        {
            "reference": "NW-OPENING",
            "kind": "opening",
            "receipt_date": OPENING_DATE,
            "warehouse_id": WAREHOUSE,
            "lines.item_id": item_code(product),
            "lines.quantity": str(quantity),
            "lines.unit_cost": str((prices[product] * COST_SHARE).quantize(Decimal("0.0001"), ROUND_HALF_UP)),
        }
        for product, quantity in sorted(opening_quantities(data).items(), key=lambda pair: int(pair[0]))
        if quantity > 0
    ]


def orders(data: Northwind) -> list[dict[str, str]]:
    """Orders with their lines as rows for ``imports/orders``."""
    details: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in data.order_details:
        details[row["order_id"]].append(row)
    rows = []
    for order in data.orders:
        address = ", ".join(
            filter(None, (order["ship_name"], order["ship_address"], order["ship_city"], order["ship_country"]))
        )
        rows += [
            {
                "reference": order_reference(order["order_id"]),
                "partner_id": order["customer_id"],
                "order_date": order["order_date"],
                "due_date": order["required_date"],
                "warehouse_id": WAREHOUSE,
                "ship_to": address.replace("\\n", " "),
                "lines.item_id": item_code(line["product_id"]),
                "lines.quantity": line["quantity"],
                "lines.price": line["unit_price"],
                "lines.discount": line["discount"],
                "lines.tax_rate": "0",
            }
            for line in details[order["order_id"]]
        ]
    return rows


def as_csv(rows: Sequence[Mapping[str, str]], keep: Iterable[str] | None = None, key: str = "code") -> bytes:
    """Rows as a CSV file; with ``keep`` only those whose ``key`` is in it."""
    chosen = rows if keep is None else [row for row in rows if row[key] in set(keep)]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(chosen)
    return buffer.getvalue().encode()
