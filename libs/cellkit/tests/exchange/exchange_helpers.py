"""Calls that the tests of import and export share."""

from __future__ import annotations

import csv
import io
from typing import Any

import xlsxwriter

from cellkit.testing.cells import Answer, Api

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_bytes(*rows: list[Any], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: list[Any]) -> bytes:
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return output.getvalue()


async def upload(
    api: Api, plural: str, body: bytes, *, content_type: str = "text/csv", request_id: str | None = None, **query: Any
) -> Answer:
    return await api.call(
        "POST", f"/imports/{plural}", body, query=query, request_id=request_id, headers={"content-type": content_type}
    )


async def count(api: Api, plural: str) -> int:
    return (await api.get(f"/{plural}", total="true", limit="1")).json["total"]


async def everything(api: Api, plural: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = (await api.get(f"/{plural}", limit="200", **query, **({"cursor": cursor} if cursor else {}))).json
        items += page["items"]
        cursor = page["next"]
    return items


def customers(number: int, start: int = 0) -> list[list[str]]:
    header = [
        "code",
        "name",
        "short_name",
        "level",
        "city",
        "address",
        "phone",
        "bank_account",
        "credit_limit",
        "since",
    ]
    return [
        header,
        *(
            [
                f"C{index:06}", f"上海贸易有限公司{index}", f"上贸{index}", "A" if index % 3 else "普通", "上海",
                f"浦东新区世纪大道 {index} 号", f"138{index:08}", f"6222{index:012}", f"{index}.50", "2026-03-05",
            ]
            for index in range(start, start + number)
        ),
    ]  # fmt: skip
