"""A cell about people: customers with every kind of mask, orders that take force, visits that are kept for a while."""

from __future__ import annotations

from typing import Any

from cellkit.cell import Cell
from cellkit.declare import Document, Integer, Line, Lines, Ref, Row, States, Text, action
from cellkit.labels import L


class PhoneLine(Line):
    phone = Text(L("电话", "Phone"), secret=True, find=True, mask="mobile", max=30)
    note = Text(L("备注", "Note"))


class Person(Document, key="people.person", label=L("客户", "Person"), title="name", scoped=True):
    code = Text(L("编码", "Code"), required=True, unique=True)
    name = Text(L("姓名", "Name"), required=True, search=True, personal=True)
    hobby = Text(L("爱好", "Hobby"), personal=True)
    mobile = Text(L("手机", "Mobile"), secret=True, find=True, mask="mobile", max=30)
    id_card = Text(L("身份证", "Id card"), secret=True, find=True, mask="id_card", max=30)
    email = Text(L("邮箱", "E-mail"), mask="email", index=True)
    plate = Text(L("车牌", "Plate"), secret=True, mask="plate")
    age = Integer(L("年龄", "Age"), secret=True, mask="all")
    level = Text(L("级别", "Level"), mask="keep:1,0", personal=False)
    phones = Lines(L("电话", "Phones"), of=PhoneLine)


class Order(Document, key="people.order", label=L("订单", "Order"), number="PO{seq:4}"):
    person_id = Ref(L("客户", "Person"), to="people.person", required=True)
    receiver = Text(L("收货人", "Receiver"), required=True, personal=True)
    states = States("draft:草稿:Draft", "posted:已过账:Posted")

    @action(L("过账", "Post"), source="draft", target="posted")
    async def post(work: Any, order: Row, parameters: Row) -> None:
        pass


class Visit(Document, key="people.visit", label=L("来访", "Visit"), keep_days=30):
    visitor = Text(L("访客", "Visitor"), required=True, personal=True)
    person_id = Ref(L("客户", "Person"), to="people.person")


class Remark(Document, key="people.remark", label=L("备注", "Remark")):
    visit_id = Ref(L("来访", "Visit"), to="people.visit", required=True)


cell = Cell(
    "people",
    label=L("人员", "People"),
    version="0.1.0",
    port=8196,
    package="cellkit.testing",
    documents=[Person, Order, Visit, Remark],
)
