"""What can be wrong with prints, as errors of the contract."""

from __future__ import annotations

from cellkit.errors import BusinessRuleViolation, Unavailable


class PrintFailed(BusinessRuleViolation):
    """The template cannot be typeset; ``reason`` is what the typesetter says of it."""

    code = "PRINT_TEMPLATE_FAILED"
    zh, en = "打印模板无法排版：{reason}", "The print template cannot be typeset: {reason}"


class PrintTooLong(BusinessRuleViolation):
    """Typesetting took too long or too much memory and was stopped."""

    code = "PRINT_TOO_LONG"
    zh = "排版超过时间或内存上限，已中止"
    en = "Typesetting took too much time or memory and was stopped"


class CodeInvalid(BusinessRuleViolation):
    """A value cannot be made a bar code of its kind."""

    code = "PRINT_CODE_INVALID"
    zh, en = "“{value}”不能生成条码 {kind}：{reason}", "“{value}” cannot be a {kind} code: {reason}"


class NothingToPrint(BusinessRuleViolation):
    """No document was chosen, or none has a line."""

    code = "NOTHING_TO_PRINT"
    zh, en = "没有可打印的单据", "There is nothing to print"


class PrinterBusy(Unavailable):
    """Too many prints wait already."""

    zh, en = "打印任务过多，请稍后再试", "Too many prints are waiting; please try again"
