"""What can be wrong with files, as errors of the contract."""

from __future__ import annotations

from cellkit.errors import BadRequest, BusinessRuleViolation, Conflict, ServiceError, UnsupportedMediaType
from cellkit.labels import L, Label


class FileStorageFull(ServiceError):
    """The disk or bucket takes no more; nothing was kept."""

    code, status = "STORAGE_FULL", 507
    zh, en = (
        "文件存储空间不足，文件未保存，请联系管理员",
        "File storage is full; the file was not saved. Please tell your administrator",
    )


class FileQuotaExceeded(BusinessRuleViolation):
    """The tenant's share of the storage is used up."""

    code = "FILE_QUOTA_EXCEEDED"
    zh = "文件空间配额已用完（已用 {used}，配额 {quota}）"
    en = "The file quota is used up ({used} of {quota})"


class FileTypeRefused(UnsupportedMediaType):
    """The content is of a type that is not taken here."""

    zh = "不允许的文件类型：{name} 的内容是 {found}"
    en = "File type not allowed: {name} is {found}"


class FileQuarantined(Conflict):
    """The content has not been found clean yet."""

    code = "FILE_QUARANTINED"
    zh = "文件 {name} 正在安全检查，请稍后再试"
    en = "File {name} is being checked; try again in a moment"


class FileInfected(BusinessRuleViolation):
    """The scanner refused the content."""

    code = "FILE_INFECTED"
    zh = "文件 {name} 未通过安全检查，已隔离"
    en = "File {name} did not pass the security check and is quarantined"


class FileInUse(Conflict):
    """A document's field names the file; it is removed by changing the document."""

    zh = "文件属于单据字段“{field}”，请修改单据"
    en = "The file belongs to the field “{field}”; change the document instead"


class NoPreview(ServiceError):
    """There is no picture of this file."""

    code, status = "NO_PREVIEW", 404
    zh, en = "此文件没有预览", "This file has no preview"


class RangeNotSatisfiable(ServiceError):
    """The range lies outside the file."""

    code, status = "RANGE_NOT_SATISFIABLE", 416
    zh, en = "请求的范围超出文件长度 {size}", "The range is outside the file's {size} bytes"

    def headers(self) -> dict[str, str]:
        """The file's real length."""
        return {"Content-Range": f"bytes */{self.values['size']}"}


class FileLost(ServiceError):
    """The database knows the file, the storage does not."""

    code, status = "FILE_LOST", 500
    zh, en = "文件内容缺失，请联系管理员从备份恢复", "The file's content is missing; it must be restored from a backup"


def _reason(label: Label) -> BadRequest:
    return BadRequest(reason=label)


def no_file_part() -> BadRequest:
    """A form without exactly one file."""
    return _reason(L("表单应正好包含一个文件", "the form must hold exactly one file"))


def empty_file() -> BadRequest:
    """A file of no bytes."""
    return _reason(L("文件为空", "the file is empty"))
