"""Why a file is refused as a whole; problems of single rows stand in the report instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cellkit.errors import BadRequest, Conflict, PayloadTooLarge, ServiceError, ValidationFailed


class FileUnreadable(BadRequest):
    """The file is not what it says it is."""

    zh, en = (
        "文件无法读取，请检查文件是否损坏、格式是否为 CSV 或 XLSX",
        "The file cannot be read; is it a sound CSV or XLSX file?",
    )


class FileEmpty(BadRequest):
    """Nothing in it."""

    zh, en = "文件是空的", "The file is empty"


class NoDataRows(BadRequest):
    """A header and nothing below it."""

    zh, en = "文件只有表头，没有数据行", "The file has a header but no data rows"


class WrongEncoding(BadRequest):
    """The text is in none of the encodings that are read."""

    zh = "文件编码不是 {encoding}，请另存为 UTF-8 编码的 CSV 后重试"
    en = "The file is not in {encoding}; save it as CSV in UTF-8 and try again"


class FileBinary(BadRequest):
    """Binary content where a CSV was expected."""

    zh, en = "文件不是文本格式的 CSV", "The file is not a CSV text"


class OldWorkbook(BadRequest):
    """The binary Excel format of before 2007."""

    zh, en = "不支持旧版 .xls 文件，请另存为 .xlsx 或 CSV", "The old .xls format is not read; save as .xlsx or CSV"


class WorkbookLocked(BadRequest):
    """A workbook with a password."""

    zh, en = "工作簿有密码保护，请取消密码后重试", "The workbook is protected by a password; remove it and try again"


class NoFilePart(BadRequest):
    """A form without exactly one file."""

    zh, en = "表单中应有且只有一个文件", "The form must carry exactly one file"


class FileGone(Conflict):
    """The uploaded file was thrown away after its time."""

    zh, en = "文件已过保留期，请重新上传", "The file is kept no longer; please upload it again"


class ImportBusy(Conflict):
    """A job of the import waits or runs."""

    zh, en = "此导入正在处理，请等待或先取消", "The import is being worked on; wait for it or cancel it first"


class ImportStateConflict(Conflict):
    """The import's state does not allow the step."""

    zh, en = "当前状态“{state}”不允许此操作", "State “{state}” does not allow this"


class CellTooLong(PayloadTooLarge):
    """One cell is longer than any spreadsheet program allows."""

    zh = "第 {row} 行有单元格超过 {limit} 个字符（也可能是引号没有成对）"
    en = "Row {row} has a cell of more than {limit} characters (or a quotation mark that is not closed)"


class TooManyRows(PayloadTooLarge):
    """More rows than one import takes."""

    zh, en = "数据超过 {limit} 行，请拆分文件", "More than {limit} rows; please split the file"


class TooManyColumns(PayloadTooLarge):
    """More columns than one import takes."""

    zh, en = "列数超过 {limit}", "More than {limit} columns"


class SheetTooLarge(PayloadTooLarge):
    """A workbook that unpacks to more than is read; CSV has no such limit."""

    zh, en = (
        "工作表展开后过大，请改用 CSV 文件或拆分",
        "The sheet is too large once unpacked; use CSV or split the file",
    )

    def __init__(self) -> None:
        super().__init__()


class TooManyForSheet(ValidationFailed):
    """More rows than are written to one sheet."""

    zh, en = "超过 {limit} 行，请缩小范围或导出 CSV", "More than {limit} rows; narrow the list or export CSV"

    def __init__(self, limit: int) -> None:
        ServiceError.__init__(self, limit=limit)
        self.problems = []


class ImportRefused(ServiceError):
    """Nothing was written because of the listed problems (``problems``: the report's errors, translated)."""

    code, status = "VALIDATION_FAILED", 422
    zh, en = "导入文件有 {count} 处错误，没有写入任何数据", "{count} problem(s) in the file; nothing was written"

    def __init__(self, problems: Sequence[Mapping[str, Any]], *, count: int) -> None:
        self.problems = problems
        super().__init__(count=count)

    def details(self, language: str) -> list[dict[str, Any]]:  # noqa: ARG002 - the report speaks the caller's language
        """``[{"row", "field" (the column's header), "rule", "message"}]``."""
        return [
            {
                "row": item["row"],
                "field": item["column"] or item["field"],
                "rule": item["rule"],
                "message": item["message"],
            }
            for item in self.problems
        ]
