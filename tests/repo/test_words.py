"""Words that must not be in the repository, and words that must not be in the platform layer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.repo import repository

# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = [
    "py" + r"pi\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.(org|com)",
    "registry" + r"\.npm",
    "npm" + r"mirror\.com",
    r"mirrors?\.(ali" + "yun|tuna|ustc|tencent|huawei" + "cloud)",
    "deb" + r"ian\.org/debian",
    r"(?<![\w.])/ro" + r"ot/\w",
    r"(?<![\w.])/ho" + r"me/\w",
    r"(?<![\w.])/wo" + r"rk/\w",
    "BEGIN (RSA |EC |OPENSSH )?PRIVATE " + "KEY",
    r"AK" + r"IA[0-9A-Z]{16}",
    r"gh[pousr]_" + r"[A-Za-z0-9]{36}",
]
SALES = ["lead", "opportunity", "quotation", "contract", "customer", "contact", "order"]
MONEY = ["invoice", "receivable", "payable", "receipt", "voucher", "ledger", "payroll", "salary"]
GOODS = ["warehouse", "delivery", "stock", "supplier", "vendor", "purchase", "product", "material", "bom", "shipment"]
PEOPLE = ["employee", "patient", "specimen", "prescription", "diagnosis", "carrier"]
CELLS = ["crm", "erp", "oa", "srm", "hrm", "mes", "wms", "tms", "ems", "plm", "his", "lis", "lims"]
BUSINESS = [*SALES, *MONEY, *GOODS, *PEOPLE, *CELLS]
# "Wire contract": what services promise each other is the platform's own subject.
ALLOWED = {"contract"}
# A sort order, what SQL and the standard library call their things, and what the kit calls the way of a notice.
ALLOWED_NAMES = {"order", "order_by", "in_order", "sort_order", "DeliveryFailed", "notification_delivery"}


def test_no_file_holds_an_address_a_machine_path_or_a_key(root: Path) -> None:
    pattern = re.compile("|".join(f"(?:{word})" for word in FORBIDDEN))
    found = []
    for path in repository.tracked():
        text = repository.text_of(path)
        for number, line in enumerate((text or "").splitlines(), 1):
            if hit := pattern.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {hit.group(0)}")
    assert found == []


def test_the_platform_layer_knows_no_business_word(root: Path) -> None:
    words = {form for word in BUSINESS if word not in ALLOWED for form in (word, f"{word}s", f"{word[:-1]}ies")}
    found = []
    for path in sorted((root / "platform_core").glob("*/src/**/*.py")):
        for name, line in repository.names_in(ast.parse(path.read_text())):
            if name in ALLOWED_NAMES:
                continue
            parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
            hits = {part.lower() for part in parts} & words
            if hits:
                found.append(f"{path.relative_to(root)}:{line}: {name} ({', '.join(sorted(hits))})")
    assert found == []


def test_names_of_files_and_folders_are_plain(root: Path) -> None:
    plain = re.compile(r"[A-Za-z0-9._+@-]+")
    odd = [
        str(path.relative_to(root))
        for path in repository.tracked()
        if not all(plain.fullmatch(part) for part in path.relative_to(root).parts) and path.suffix != ".md"
    ]
    assert odd == []


def test_python_modules_have_names_that_say_something(root: Path) -> None:
    empty = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}
    modules = [path.relative_to(root) for path in repository.tracked() if path.name in empty]
    assert [str(path) for path in modules if "tests" not in path.parts] == []
