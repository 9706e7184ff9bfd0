"""The command line: each command is a module of ``superpaas.commands``, imported only when it is used."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from superpaas.layout import default_data
from superpaas.messages import TroubleError, complain, forgiving_output, pick

PASS_ON = {"test", "northwind", "bench", "lint"}


def parser() -> argparse.ArgumentParser:
    """What can be said to ``superpaas``."""
    top = argparse.ArgumentParser(prog="superpaas", description=pick("超级PaaS平台", "SuperPaaS"))
    commands = top.add_subparsers(dest="command", metavar=pick("命令", "command"), required=True)

    def add(name: str, zh: str, en: str, *, data: bool = False) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=pick(zh, en), description=pick(zh, en), add_help=name not in PASS_ON)
        if data:
            sub.add_argument("--data", type=Path, default=None, metavar="DIR", help=pick("数据目录", "data directory"))
        return sub

    up = add("up", "启动平台", "start the platform", data=True)
    up.add_argument("--only", metavar="crm,erp", help=pick("只启动这些细胞", "start these cells only"))
    up.add_argument(
        "--port-base", type=int, metavar="N", help=pick("端口基数（默认 8000）", "port base (default 8000)")
    )
    up.add_argument("--no-web", action="store_true", help=pick("不构建也不启动网页应用", "without the web apps"))
    up.add_argument("--foreground", action="store_true", help=pick("留在前台，Ctrl-C 停止", "stay; Ctrl-C stops it"))
    add("down", "停止平台", "stop the platform", data=True)
    status = add("status", "查看运行情况", "show what runs", data=True)
    status.add_argument("--json", action="store_true", help=pick("输出 JSON", "as JSON"))
    logs = add("logs", "查看日志", "show logs", data=True)
    logs.add_argument("name", nargs="?", help=pick("进程名，如 crm", "process, such as crm"))
    logs.add_argument("-f", "--follow", action="store_true", help=pick("持续输出", "go on"))
    logs.add_argument("-n", "--lines", type=int, default=50, help=pick("行数", "lines"))
    add("self_check", "对运行中的平台做快速检查", "quick checks of the running platform", data=True)
    serve = add("serve", "在本进程运行一个服务（容器用）", "run one service in this process (for containers)")
    serve.add_argument("name")
    serve.add_argument("--migrate", action="store_true", help=pick("先升级数据库结构", "migrate its database first"))
    conformance = add(
        "conformance", "检查一个细胞是否遵守接口契约", "whether a cell keeps the wire contract", data=True
    )
    conformance.add_argument("url", metavar="URL", help=pick("细胞自己的地址", "the cell's own address"))
    conformance.add_argument("--name", help=pick("细胞名（默认取自 /_meta）", "the cell's name (default: from /_meta)"))
    samples = pick("样例请求体 {实体: 请求体}", "sample bodies {entity: body}")
    conformance.add_argument("--samples", metavar="FILE", help=samples)
    conformance.add_argument("--only", metavar="a,b", help=pick("只做这些检查", "these checks only"))
    conformance.add_argument("--out", metavar="FILE", help=pick("JSON 报告", "a report in JSON"))
    _audit_arguments(add("audit", "离线校验或导出审计链", "check or export the audit trail", data=True))
    _backup_arguments(add("backup", "备份整个平台，或做恢复演练", "back the platform up, or prove a backup", data=True))
    _restore_arguments(add("restore", "从备份恢复", "restore from a backup", data=True))
    _workshop(add)
    return top


def _workshop(add: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands of those who develop."""
    new_cell = add("new-cell", "写一个新细胞的骨架", "write the beginnings of a new cell")
    new_cell.add_argument("name", metavar="NAME", help=pick("细胞名，如 qms", "the cell's name, such as qms"))
    new_cell.add_argument("--zh", required=True, metavar="中文名", help=pick("中文名", "its Chinese name"))
    new_cell.add_argument("--en", help=pick("英文名", "its English name"))
    entity = pick("第一个实体，单数，如 inspection", "its first entity in the singular, such as inspection")
    new_cell.add_argument("--entity", default="record", help=entity)
    new_cell.add_argument("--entity-zh", help=pick("实体的中文名", "the entity's Chinese name"))
    new_cell.add_argument("--entity-en", help=pick("实体的英文名", "the entity's English name"))
    new_cell.add_argument("--port", type=int, help=pick("端口（默认取下一个）", "port (default: the next one)"))
    lock = add("lock", "重新生成 requirements.lock", "make requirements.lock again")
    lock.add_argument("--upgrade", action="store_true", help=pick("升级到最新版本", "take the newest versions"))
    add("docs", "从源码生成套件参考", "make the kit's reference from the source")
    setup = add("setup", "只准备 .venv 与网页应用", "only make .venv and the web apps")
    setup.add_argument("--no-web", action="store_true", help=pick("不构建网页应用", "without the web apps"))
    add("lint", "代码检查与类型检查", "lint and type checks")
    add("test", "代码检查、类型检查与全部测试", "lint, types and all tests")
    add("full_verify", "完整校验（同 test）", "everything (the same as test)")
    add("northwind", "导入 Northwind 数据并走完一年交易", "load Northwind and trade a year")
    add("bench", "性能测试", "benchmarks")


def _backup_arguments(command: argparse.ArgumentParser) -> None:
    """What ``backup`` takes."""
    verify = pick("不备份，而是恢复演练（默认最新的备份）", "make none: prove one by restoring it (the newest)")
    command.add_argument("--verify", nargs="?", const="", metavar="ID", help=verify)
    command.add_argument("--list", action="store_true", help=pick("列出备份", "list the backups"))
    command.add_argument("--json", action="store_true", help=pick("输出 JSON", "as JSON"))
    command.add_argument("--actor", default="", help=argparse.SUPPRESS)
    command.add_argument("--scheduled", action="store_true", help=argparse.SUPPRESS)


def _restore_arguments(command: argparse.ArgumentParser) -> None:
    """What ``restore`` takes."""
    command.add_argument(
        "backup", nargs="?", default="", help=pick("备份编号或目录（默认最新）", "its name or folder (the newest)")
    )
    command.add_argument("--key-file", type=Path, metavar="FILE", help=pick("恢复密钥文件", "the recovery key's file"))
    aside = pick("替换现有数据库（移到一旁）", "put it in place of the database there, which is moved aside")
    command.add_argument("--replace", action="store_true", help=aside)


def _audit_arguments(command: argparse.ArgumentParser) -> None:
    """What ``audit`` takes."""
    kinds = command.add_subparsers(dest="audit_command", metavar="verify|export", required=True)
    verify = kinds.add_parser("verify", help=pick("离线校验审计文件", "check audit files, offline"))
    verify.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help=pick("导出或归档文件", "exports or archives")
    )
    verify.add_argument(
        "--key", action="append", default=[], help=pick("受信任的公钥（base64）", "a public key to trust")
    )
    kept = pick("另行保存的链头文件 heads-<年>.jsonl", "heads kept elsewhere, heads-<year>.jsonl")
    verify.add_argument("--heads", action="append", default=[], type=Path, metavar="FILE", help=kept)
    verify.add_argument("--json", action="store_true", help=pick("输出 JSON", "as JSON"))
    export = kinds.add_parser("export", help=pick("从细胞数据库导出审计链", "write a tenant's trail to a file"))
    export.add_argument("cell", help=pick("细胞名，如 erp", "the cell, such as erp"))
    export.add_argument("--tenant", required=True, type=UUID, metavar="UUID", help=pick("租户编号", "the tenant's id"))
    export.add_argument("--out", required=True, type=Path, metavar="FILE")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; troubles are told in one line."""
    forgiving_output()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options, rest = parser().parse_known_args(words)
        if rest and options.command not in PASS_ON:
            parser().error(pick("不认识的参数：", "unknown arguments: ") + " ".join(rest))
        options.rest = rest
        if getattr(options, "data", True) is None:
            options.data = default_data()
        module = importlib.import_module(f"superpaas.commands.{options.command.replace('-', '_')}")
        return int(module.run(options) or 0)
    except TroubleError as trouble:
        complain(str(trouble))
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130
