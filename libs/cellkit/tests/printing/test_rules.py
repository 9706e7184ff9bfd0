"""Amounts in words, layouts, values, ZPL: pure rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from prints_cell import Item, Order, OrderLine
from reading import codes_of, graphic, zpl_labels

from cellkit.declare.prints import Print, paper_of, prints_of
from cellkit.labels import L
from cellkit.printing.capitals import capitals
from cellkit.printing.composing import Chosen, labelled
from cellkit.printing.layout import made_layout, problems_of
from cellkit.printing.program import CodeError, code_of
from cellkit.printing.texts import Texts, breakable, number
from cellkit.printing.worker import font_files
from cellkit.printing.zpl import escaped, labels_to_zpl


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"), ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"), ("1409.50", "壹仟肆佰零玖元伍角整"), ("6007.14", "陆仟零柒元壹角肆分"),
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("10", "壹拾元整"), ("100000001", "壹亿零壹元整"),
        ("1000000", "壹佰万元整"), ("10000500", "壹仟万零伍佰元整"), ("1001000000.10", "壹拾亿零壹佰万元壹角整"),
        ("-12.30", "负壹拾贰元叁角整"),
        ("9999999999999.99", "玖万亿玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def test_papers() -> None:
    assert paper_of("60x40") is not None
    assert paper_of("60x40").label
    assert not paper_of("241x93").label
    for wrong in ("A3", "400x400", "x", "60*40"):
        assert paper_of(wrong) is None
    with pytest.raises(ValueError, match="paper"):
        Print("x", L("x", "x"), paper="A3")
    with pytest.raises(ValueError, match="line"):
        Print("x", L("x", "x"), per="line")


@pytest.mark.parametrize("table", [Item, Order])
def test_the_layouts_that_are_made_are_valid(table: type) -> None:
    for declared in prints_of(table).values():
        assert problems_of(made_layout(table, declared), table, declared.paper) == []


def test_every_mistake_of_a_layout_is_named_at_its_place() -> None:
    layout = {
        "title": 1, "facts": [{"field": "nothing"}, {"label": "x"}], "texts": ["{partner} {wrong}"], "colour": "red",
        "grids": [{"lines": "lines", "columns": [{"field": "quantity", "width": "9in"}, {"field": "partner"}]}],
        "codes": [{"kind": "aztec", "value": "x"}], "signatures": "x",
    }  # fmt: skip
    found = {(one["field"], one["rule"]) for one in problems_of(layout, Order, paper_of("A4"))}
    assert found == {
        ("layout.title", "value"), ("layout.facts[0].field", "field"), ("layout.facts[1].field", "required"),
        ("layout.texts[0]", "field"), ("layout.colour", "unknown"), ("layout.grids[0].columns[0].width", "value"),
        ("layout.grids[0].columns[1].field", "field"), ("layout.codes[0].kind", "value"), ("layout.signatures", "type"),
    }  # fmt: skip
    outside = {"elements": [{"kind": "box", "x": 50, "y": 2, "width": 20, "height": 5}]}
    assert problems_of(outside, Order, paper_of("60x40"))[0]["rule"] == "outside"
    for wrong in (None, [], {"grids": [{"lines": []}]}, {"facts": [1]}):
        assert problems_of(wrong, Order, paper_of("A4"))


def _texts(language: str = "zh-CN") -> Texts:
    return Texts(ZoneInfo("Asia/Shanghai"), language, datetime(2026, 3, 5, 1, 2, tzinfo=UTC), "李四")


def test_values_are_written_as_people_write_them() -> None:
    texts = _texts()
    assert number(OrderLine.amount, Decimal("-1234567.50")) == "-1,234,567.50"
    assert number(OrderLine.quantity, Decimal("1200.500000")) == "1,200.5"
    assert number(OrderLine.price, Decimal("1234.000000")) == "1,234.00"
    assert number(OrderLine.price, Decimal("0.123450")) == "0.12345"
    assert number(OrderLine.discount, Decimal("0.15")) == "15%"
    row = {"kind": "far", "urgent": True, "order_date": date(2026, 3, 5), "partner": "甲", "state": "draft"}
    assert texts.filled("{partner} {kind} {urgent} {order_date} {state} {now} {user}", Order, row) == (
        "甲 长途 是 2026-03-05 草稿 2026-03-05 09:02 李四"
    )
    assert _texts("en-US").filled("{kind} {urgent}", Order, row) == "Long distance Yes"
    assert breakable("x" * 20).count("\u200b") == 4
    assert breakable("short words stay") == "short words stay"


def test_what_is_no_code_is_told() -> None:
    for kind, value in (("ean13", "6901234567890"), ("code128", "中文"), ("gs1-128", "(01)123"), ("itf14", "x")):
        with pytest.raises(CodeError):
            code_of(kind, value)


def _label_data(declared: Print, layout: dict | None = None) -> dict:
    lines = [
        {
            "item_id": "x",
            "item_label": f"不锈钢泵 {place}",
            "spec": "^XZ~JA\\_x",
            "unit": "台",
            "quantity": Decimal(place),
        }
        for place in (1, 2)
    ]
    row = {"id": "1", "number": "SO2026-0001", "lines": lines, "partner": "Ernst Handel"}
    chosen = Chosen(declared, declared.paper, "layout", layout or made_layout(Order, declared))
    return labelled(chosen, Order, [row], _texts())


def test_zpl_has_every_label_and_nothing_that_a_value_could_say() -> None:
    data = _label_data(prints_of(Order)["label"])
    labels = zpl_labels(labels_to_zpl({**data, "copies": 3}, font_files()[0]))
    assert len(labels) == 2
    for commands in labels:
        assert commands[1:5] == [("CI", "28"), ("PW", "480"), ("LL", "320"), ("LH", "0,0")]
        assert commands[-1] == ("PQ", "3,0,1,Y")
        assert ("BQ", "N,2,9") in commands
        assert ("FD", "MA,SO2026-0001") in commands
        assert ("FD", "_5EXZ_7EJA_5C_5Fx") in commands
        assert [rest for name, rest in commands if name == "GF"]
    assert escaped("a^b") == "a_5Eb"


def test_chinese_texts_are_drawn_and_stay_on_the_label() -> None:
    layout = {
        "elements": [
            {"kind": "text", "x": 2, "y": 2, "width": 30, "text": "不锈钢离心泵非常长的名称会被截断", "size": 10}
        ]
    }
    data = _label_data(prints_of(Order)["label"], layout)
    [field] = [rest for name, rest in zpl_labels(labels_to_zpl(data, font_files()[0]))[0] if name == "GF"]
    picture = graphic(field)
    assert picture.width <= 240
    assert 0.05 < picture.histogram()[0] / (picture.width * picture.height) < 0.5


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("code128", "SO2026-0001", "BC"), ("ean13", "6901234567892", "BE"), ("datamatrix", "ABC", "BX"),
        ("gs1-128", "(01)06901234567892(10)LOT1", "BC"), ("gs1-datamatrix", "(01)06901234567892(10)LOT1", "BX"),
        ("code39", "ABC", "B3"), ("itf14", "16901234567899", "B2"), ("pdf417", "words", "B7"),
        ("ean8", "96385074", "B8"),
    ],
)  # fmt: skip
def test_zpl_codes(kind: str, value: str, sent: str) -> None:
    layout = {"elements": [{"kind": "code", "code": kind, "value": value, "x": 2, "y": 2, "width": 50, "height": 15}]}
    [commands] = zpl_labels(labels_to_zpl(_label_data(prints_of(Order)["label"], layout), font_files()[0]))[:1]
    assert sent in [name for name, _ in commands]
    data = next(rest for name, rest in commands if name == "FD")
    assert {"ean13": "690123456789", "ean8": "9638507", "gs1-datamatrix": "_10106901234567892_110LOT1"}.get(
        kind, value
    ) == data


def test_codes_of_the_typesetter_are_read_back() -> None:
    import io

    import zxingcpp
    from PIL import Image

    for kind, value in (("code128", "A-1"), ("ean13", "6901234567892"), ("qr", "客户 1"), ("datamatrix", "A1"),
                        ("gs1-datamatrix", "(01)06901234567892(10)LOT1"),
                        ("gs1-128", "(01)06901234567892(10)LOT1")):  # fmt: skip
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(code_of(kind, value), scale=3))
        picture.save(io.BytesIO(), "PNG")
        assert [text for _, text in codes_of(picture)] == [value]
