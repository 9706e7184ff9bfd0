"""The reference of the kit's public names, made from their signatures and docstrings."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from typing import Any

# (title zh, title en, module, names); no names: everything the module exports, in the order of its source files.
SECTIONS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("细胞", "The cell", "cellkit.cell", ("Cell",)),
    ("声明", "Declarations", "cellkit.declare", ()),
    ("工作单元", "Work", "cellkit.pipeline.work", ("Work",)),
    ("事件处理", "Event handlers", "cellkit.events", ("handles", "Event")),
    ("代码报表", "Reports in code", "cellkit.reports", ("report",)),
    ("作业", "Jobs", "cellkit.jobs", ("job", "JobContext")),
    ("测试", "Tests", "cellkit.testing", ("cell_fixtures", "Api")),
)
_METHODS = {"Work", "JobContext", "Api"}
_DEFAULTS = {"<factory>": "…"}
_HEAD = {
    "zh": "# 套件参考\n\n[English](../en/guide/reference.md) · 由 `./run.sh docs` 从签名与文档字符串生成，请勿手改。"
    "文档字符串以英文写成；中文说明见[细胞开发指南](sdk.md)与各功能页。\n",
    "en": "# Reference of the kit\n\n[简体中文](../../guide/reference.md) · made by `./run.sh docs` from signatures and"
    " docstrings; do not edit by hand. How to use it: [the SDK guide](sdk.md).\n",
}


def page(language: str) -> str:
    """The whole page in Markdown; ``language`` is ``zh`` or ``en``."""
    parts = [_HEAD[language]]
    for zh, en, module_name, names in SECTIONS:
        module = importlib.import_module(module_name)
        parts.append(f"\n## {zh if language == 'zh' else en}\n\n`from {module_name} import …`\n")
        for name in names or _by_source(module):
            parts.extend(_entry(name, getattr(module, name)))
    return "".join(parts)


def _by_source(module: Any) -> list[str]:
    """The exported names with a docstring of their own, as the source files order them."""
    found = []
    for name in module.__all__:
        item = getattr(module, name)
        if inspect.isclass(item) or inspect.isfunction(item):
            found.append((item.__module__, inspect.getsourcelines(item)[1], name))
    order = [
        item.__module__ for name in module.__all__ if (item := getattr(module, name)) and hasattr(item, "__module__")
    ]
    return [name for _, _, name in sorted(found, key=lambda entry: (order.index(entry[0]), entry[1]))]


def _entry(name: str, item: Any) -> Iterator[str]:
    yield f"\n### {name}\n\n"
    yield f"```text\n{name}{_signature(item)}\n```\n"
    text = inspect.getdoc(item) if "__doc__" in vars(item) or inspect.isfunction(item) else ""
    yield _markdown(text or "")
    if name in _METHODS:
        methods = {key: value for kind in reversed(item.__mro__[:-1]) for key, value in vars(kind).items()}
        for method, function in methods.items():
            plain = getattr(function, "__wrapped__", function)
            if method.startswith("_") or not inspect.isfunction(plain) or not inspect.getdoc(plain):
                continue
            yield f"\n#### {name}.{method}\n\n```text\n{method}{_signature(plain)}\n```\n"
            yield _markdown(inspect.getdoc(plain) or "")


def _signature(item: Any) -> str:
    """Parameters with their types and defaults, one a line when they are many."""
    try:
        signature = inspect.signature(item)
    except (TypeError, ValueError):
        return "()"
    shown = [
        (_DEFAULTS.get(str(parameter.default), "") and f"{parameter.name}=…") or _plain(str(parameter))
        for parameter in signature.parameters.values()
        if parameter.name not in {"self", "cls"}
    ]
    keyword_only = next(
        (at for at, parameter in enumerate(_visible(signature)) if parameter.kind is parameter.KEYWORD_ONLY), None
    )
    if keyword_only is not None:
        shown.insert(keyword_only, "*")
    returned = signature.return_annotation
    arrow = "" if inspect.isclass(item) or returned is inspect.Signature.empty else f" -> {_plain(str(returned))}"
    one_line = f"({', '.join(shown)}){arrow}"
    return one_line if len(one_line) < 90 else "(\n    " + ",\n    ".join(shown) + f",\n){arrow}"


def _visible(signature: inspect.Signature) -> list[inspect.Parameter]:
    return [item for item in signature.parameters.values() if item.name not in {"self", "cls"}]


def _plain(text: str) -> str:
    """Without quotes of postponed annotations, module prefixes and addresses of objects."""
    text = re.sub(r": (['\"])(.*?)\1(?= =|$)", r": \2", text)
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    text = re.sub(r"\b(?:cellkit|typing|collections|datetime|decimal|uuid)\.(?:\w+\.)*(\w+)", r"\1", text)
    return re.sub(r"<(?:function|class|object) '?([\w.]+)[^>]*>", r"\1", text)


def _markdown(text: str) -> str:
    text = re.sub(r":(?:class|func|meth|mod):`~?([^`]+)`", r"`\1`", text)
    return "\n" + text.replace("``", "`") + "\n"
