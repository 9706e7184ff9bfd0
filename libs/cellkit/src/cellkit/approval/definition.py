"""A flow's definition: read from JSON, every problem named by its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from cellkit.declare.document import Table
from cellkit.declare.fields import DepartmentRef, Field, UserRef
from cellkit.errors import FieldProblem, ValidationFailed, problem
from cellkit.expression import Expression, ExpressionInvalid, Names, condition, names_of
from cellkit.labels import Label

MODES = ("any", "all", "sequential", "ratio")
ON_DUE = ("remind", "pass", "reject", "hand")
STARTER = ("skip", "keep", "leader", "refuse")
EMPTY = ("skip", "pass", "reject", "administrator")
AGAIN = ("ask", "skip")
RIGHTS = ("hide", "read", "edit")
KINDS = (
    "role", "leader", "leaders", "users", "choice", "field", "field_leader", "starter", "permission",
)  # fmt: skip
MOST_STEPS = 50
MOST_USERS = 100
MOST_HOURS = 24 * 365
START = "start"
"""Where a document is returned to when it goes back to whoever submitted it; no step may be called so."""
_STEP_KEYS = frozenset(
    ["key", "name", "who", "mode", "ratio", "when", "due_hours", "on_due", "hand_to", "fields", "starter", "empty"]
)  # fmt: skip
_FLOW_KEYS = frozenset(["when", "steps", "withdraw", "distinct", "starter", "empty", "again", "cc", "urge_minutes"])
_WHO_KEYS: dict[str, frozenset[str]] = {
    "role": frozenset({"role", "within"}),
    "leader": frozenset({"up"}),
    "leaders": frozenset({"levels", "to_level"}),
    "users": frozenset({"users"}),
    "choice": frozenset({"least", "most"}),
    "field": frozenset({"field"}),
    "field_leader": frozenset({"field", "up"}),
    "starter": frozenset(),
    "permission": frozenset({"permission", "count"}),
}

Who = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step, read."""

    key: str
    name: Label
    who: tuple[Who, ...]
    mode: str = "any"
    ratio: Decimal | None = None
    when: Expression | None = None
    due_hours: int | None = None
    on_due: str = "remind"
    hand_to: Who | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    starter: str = "leader"
    empty: str | Who = "administrator"


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow, read. ``source`` is the JSON it was read from."""

    source: Mapping[str, Any]
    steps: tuple[FlowStep, ...] = ()
    when: Expression | None = None
    withdraw: bool | str = True
    distinct: int = 0
    again: str = "ask"
    cc: tuple[Who, ...] = ()
    urge_minutes: int = 10
    starter: str = "leader"

    def index(self, key: str) -> int:
        """The place of a step; raises KeyError."""
        for place, step in enumerate(self.steps):
            if step.key == key:
                return place
        raise KeyError(key)

    def step(self, key: str) -> FlowStep:
        """A step by its key; raises KeyError."""
        return self.steps[self.index(key)]


def read_flow(source: Any, table: type[Table] | None = None) -> Flow:
    """The flow of a definition; raises :class:`ValidationFailed` with every problem.

    ``table``: the document as the tenant has it. Without it neither fields nor conditions are looked at, which is
    enough to replay a log: what conditions said stands there.
    """
    reader = _Reader(table)
    flow = reader.flow(source)
    if reader.problems:
        raise ValidationFailed(reader.problems[:200])
    return flow


class _Reader:
    def __init__(self, table: type[Table] | None) -> None:
        self.problems: list[FieldProblem] = []
        self._table = table
        self._names: Names | None = None if table is None else names_of(table)

    def flow(self, source: Any) -> Flow:
        if not isinstance(source, dict):
            self._wrong("definition", "type", "流程定义应为对象", "The definition must be an object")
            return Flow({})
        self._unknown("definition", source, _FLOW_KEYS)
        starter = self._one_of("definition.starter", source.get("starter", "leader"), STARTER)
        empty = self._empty("definition.empty", source.get("empty", "administrator"))
        given = source.get("steps", [])
        if not isinstance(given, list) or len(given) > MOST_STEPS:
            self._wrong(
                "definition.steps", "type", f"步骤应为列表，最多 {MOST_STEPS} 个", f"A list, at most {MOST_STEPS}"
            )
            given = []
        steps = [self._step(f"definition.steps[{place}]", item, starter, empty) for place, item in enumerate(given)]
        seen: set[str] = set()
        for place, step in enumerate(steps):
            if step.key in seen:
                self._wrong(f"definition.steps[{place}].key", "unique", "步骤标识重复", "Two steps have this key")
            seen.add(step.key)
        withdraw = source.get("withdraw", True)
        if withdraw not in (True, False, "untouched"):
            self._wrong("definition.withdraw", "choice", "应为 true、false 或 untouched", "true, false or untouched")
        cc = self._who_list("definition.cc", source.get("cc", []), may_be_empty=True, refused=("choice", "permission"))
        return Flow(
            source,
            tuple(steps),
            when=self._condition("definition.when", source.get("when")),
            withdraw=withdraw,
            distinct=self._number("definition.distinct", source.get("distinct", 0), 0, 20),
            again=self._one_of("definition.again", source.get("again", "ask"), AGAIN),
            cc=tuple(cc),
            urge_minutes=self._number("definition.urge_minutes", source.get("urge_minutes", 10), 1, 10_080),
            starter=starter,
        )

    def _step(self, path: str, item: Any, starter: str, empty: Any) -> FlowStep:
        if not isinstance(item, dict):
            self._wrong(path, "type", "步骤应为对象", "A step must be an object")
            return FlowStep("", Label("", ""), ())
        self._unknown(path, item, _STEP_KEYS)
        mode = self._one_of(f"{path}.mode", item.get("mode", "any"), MODES)
        on_due = self._one_of(f"{path}.on_due", item.get("on_due", "remind"), ON_DUE)
        hours = item.get("due_hours")
        hand_to: Who | None = None
        if item.get("hand_to") is not None:
            handed = self._who_list(f"{path}.hand_to", [item["hand_to"]], refused=("choice", "permission"))
            hand_to = handed[0] if handed else None
        elif on_due == "hand":
            self._wrong(f"{path}.hand_to", "required", "请指定超时后转交给谁", "Who gets the task when it is overdue?")
        if on_due != "remind" and hours is None:
            self._wrong(f"{path}.due_hours", "required", "请填写时限（小时）", "The limit in hours is missing")
        return FlowStep(
            key=self._key(f"{path}.key", item.get("key")),
            name=self._label(f"{path}.name", item.get("name")),
            who=tuple(self._who_list(f"{path}.who", item.get("who"))),
            mode=mode,
            ratio=self._ratio(f"{path}.ratio", item.get("ratio"), needed=mode == "ratio"),
            when=self._condition(f"{path}.when", item.get("when")),
            due_hours=None if hours is None else self._number(f"{path}.due_hours", hours, 1, MOST_HOURS),
            on_due=on_due,
            hand_to=hand_to,
            fields=self._fields(f"{path}.fields", item.get("fields")),
            starter=self._one_of(f"{path}.starter", item.get("starter", starter), STARTER),
            empty=self._empty(f"{path}.empty", item["empty"]) if "empty" in item else empty,
        )

    # Who

    def _who_list(self, path: str, value: Any, *, may_be_empty: bool = False, refused: Sequence[str] = ()) -> list[Who]:
        listed = [value] if isinstance(value, dict) else value
        if not isinstance(listed, list) or len(listed) > 20 or not (listed or may_be_empty):
            self._wrong(path, "required", "请指定由谁处理", "Who is asked?")
            return []
        found: list[Who] = []
        for place, item in enumerate(listed):
            here = f"{path}[{place}]"
            if not isinstance(item, dict) or item.get("kind") not in KINDS or item["kind"] in refused:
                kinds = ", ".join(kind for kind in KINDS if kind not in refused)
                self._wrong(f"{here}.kind", "choice", f"应为以下之一：{kinds}", f"One of: {kinds}")
                continue
            self._unknown(here, item, _WHO_KEYS[item["kind"]] | {"kind"})
            self._one_who(here, item)
            found.append(item)
        return found

    def _one_who(self, path: str, item: Who) -> None:
        checks: dict[str, Callable[[], Any]] = {
            "role": lambda: self._role(path, item),
            "leader": lambda: self._number(f"{path}.up", item.get("up", 0), 0, 20),
            "leaders": lambda: self._leaders(path, item),
            "users": lambda: self._users(f"{path}.users", item.get("users")),
            "choice": lambda: self._choice(path, item),
            "field": lambda: self._document_field(f"{path}.field", item.get("field"), UserRef),
            "field_leader": lambda: self._field_leader(path, item),
            "starter": lambda: None,
            "permission": lambda: self._permission(path, item),
        }
        checks[item["kind"]]()

    def _role(self, path: str, item: Who) -> None:
        self._text(f"{path}.role", item.get("role"))
        if item.get("within") not in (None, "department"):
            self._wrong(f"{path}.within", "choice", "应为 department", "department, or nothing")

    def _leaders(self, path: str, item: Who) -> None:
        for name in ("levels", "to_level"):
            if item.get(name) is not None:
                self._number(f"{path}.{name}", item[name], 1, 20)

    def _field_leader(self, path: str, item: Who) -> None:
        self._document_field(f"{path}.field", item.get("field"), DepartmentRef)
        self._number(f"{path}.up", item.get("up", 0), 0, 20)

    def _users(self, path: str, value: Any) -> None:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_USERS:
            self._wrong(path, "required", f"请选择 1–{MOST_USERS} 个用户", f"1–{MOST_USERS} users")
            return
        for place, one in enumerate(value):
            if not is_user_id(one):
                self._wrong(f"{path}[{place}]", "type", "应为用户编号（UUID）", "A user's id (UUID)")

    def _choice(self, path: str, item: Who) -> None:
        least = self._number(f"{path}.least", item.get("least", 1), 0, MOST_USERS)
        most = self._number(f"{path}.most", item.get("most", 20), 1, MOST_USERS)
        if least > most:
            self._wrong(f"{path}.least", "range", "最少人数不能大于最多人数", "More at least than at most")

    def _permission(self, path: str, item: Who) -> None:
        permission, key = item.get("permission"), "" if self._table is None else self._table.key
        actions = getattr(self._table, "actions", {})
        if self._table is not None and permission not in {f"{key}.{verb}" for verb in actions}:
            self._wrong(f"{path}.permission", "unknown", "应为该单据某个操作的权限", "Of one of the document's actions")
        self._number(f"{path}.count", item.get("count", 1), 1, 20)

    def _document_field(self, path: str, name: Any, kind: type[Field]) -> None:
        if not isinstance(name, str):
            self._wrong(path, "required", "请选择单据字段", "Which field?")
        elif self._table is not None and name not in ("owner_id", "department_id", "created_by"):
            item = self._table.fields.get(name)
            if not isinstance(item, kind):
                word = Label("用户", "user") if kind is UserRef else Label("部门", "department")
                self._wrong(path, "unknown", f"单据没有此{word.zh}字段", f"The document has no such {word.en} field")

    # Small parts

    def _fields(self, path: str, value: Any) -> dict[str, str]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(path, "type", "应为 字段 → 权限", "field → right expected")
            return {}
        for name, right in value.items():
            here = f"{path}.{str(name)[:60]}"
            self._one_of(here, right, RIGHTS)
            if self._table is None:
                continue
            grid, _, column = name.partition(".")
            lines = self._table.lines.get(grid)
            item = lines.fields.get(column) if lines is not None and column else None
            top = self._table.fields.get(name)
            if item is None and top is None and not (lines is not None and not column):
                self._wrong(here, "unknown", "单据没有此字段", "The document has no such field")
            elif right == "edit" and ((top is not None and top.readonly) or column):
                self._wrong(here, "readonly", "此字段不能在审批中修改", "This field cannot be edited in an approval")
        return dict(value)

    def _condition(self, path: str, value: Any) -> Expression | None:
        if value in (None, "") or self._names is None:
            return None
        if not isinstance(value, str | dict):
            self._wrong(path, "type", "应为表达式", "An expression expected")
            return None
        try:
            return condition(value, self._names)
        except ExpressionInvalid as error:
            self.problems.append(error.problem(path))
            return None

    def _empty(self, path: str, value: Any) -> Any:
        if isinstance(value, dict):
            found = self._who_list(path, [value], refused=("choice", "permission"))
            return found[0] if found else "administrator"
        return self._one_of(path, value, EMPTY)

    def _ratio(self, path: str, value: Any, *, needed: bool) -> Decimal | None:
        if value is None:
            if needed:
                self._wrong(path, "required", "请填写通过比例", "Which share must approve?")
            return None
        try:
            ratio = Decimal(str(value))
        except InvalidOperation:
            ratio = Decimal(0)
        if isinstance(value, bool) or not ratio.is_finite() or not 0 < ratio <= 1:
            self._wrong(path, "range", "通过比例应大于 0 且不超过 1", "The share must be above 0 and at most 1")
            return None
        return ratio

    def _key(self, path: str, value: Any) -> str:
        if not isinstance(value, str) or not value.isidentifier() or len(value) > 40 or value.startswith("_"):
            self._wrong(path, "pattern", "标识应由字母、数字、下划线组成", "Letters, digits and underscores")
            return ""
        if value == START:
            self._wrong(path, "choice", f"不能使用 {START}", f"{START} is taken")
        return value

    def _label(self, path: str, value: Any) -> Label:
        if isinstance(value, str) and 0 < len(value.strip()) <= 100:
            return Label(value.strip(), value.strip())
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            texts = [value["zh"], value["en"]]
            if all(isinstance(text, str) and 0 < len(text) <= 100 for text in texts):
                return Label(*texts)
        self._wrong(path, "required", "请填写名称（文本，或 zh 与 en）", "A name: a text, or zh and en")
        return Label("", "")

    def _text(self, path: str, value: Any) -> None:
        if not isinstance(value, str) or not 0 < len(value) <= 200:
            self._wrong(path, "required", "必填", "Required")

    def _one_of(self, path: str, value: Any, allowed: Sequence[str]) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        listed = ", ".join(allowed)
        self._wrong(path, "choice", f"应为以下之一：{listed}", f"One of: {listed}")
        return allowed[0]

    def _number(self, path: str, value: Any, low: int, high: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._wrong(path, "range", f"应为 {low}–{high} 的整数", f"A whole number, {low}–{high}")
        return low

    def _unknown(self, path: str, value: Mapping[str, Any], known: frozenset[str]) -> None:
        for name in sorted(str(key) for key in value.keys() - known):
            self._wrong(f"{path}.{name[:60]}", "unknown", "未知的设置", "Unknown setting")

    def _wrong(self, path: str, rule: str, zh: str, en: str) -> None:
        self.problems.append(problem(path, rule, zh, en))


def is_user_id(value: Any) -> bool:
    """Whether a JSON value is a user's id."""
    try:
        return isinstance(value, str) and len(value) == 36 and bool(UUID(value))
    except ValueError:
        return False
