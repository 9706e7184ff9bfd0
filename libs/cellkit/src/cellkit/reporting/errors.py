"""What can go wrong with a report."""

from __future__ import annotations

from cellkit.errors import ServiceError


class ReportTooLarge(ServiceError):
    """The result has more groups than a report may have."""

    code, status = "REPORT_TOO_LARGE", 422
    zh = "结果超过 {limit} 组，请减少维度、缩小筛选范围或只取前几名"
    en = "More than {limit} groups; take fewer dimensions, a narrower filter, or only the top ones"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class ReportTooSlow(ServiceError):
    """The database did not finish in time."""

    code, status = "REPORT_TOO_SLOW", 422
    zh = "报表在 {seconds} 秒内未能完成，请缩小筛选范围（如日期）后重试"
    en = "The report did not finish within {seconds} s; narrow its filter (dates, say) and try again"

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds=int(seconds))


class ReportFigureTooLarge(ServiceError):
    """A computed figure has more digits than can be shown."""

    code, status = "REPORT_FIGURE_TOO_LARGE", 422
    zh, en = "报表中的计算结果超出允许的位数", "A figure of the report has too many digits"
