#!/usr/bin/env bash
# The single entry: finds Python, lets superpaas.bootstrap make .venv, and hands over to the `superpaas` command line.
set -euo pipefail
export SUPERPAAS_CALLED_FROM=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

# The interpreter that made .venv comes first, so that a second Python on the machine does not rebuild it.
python=""
for candidate in ${SUPERPAAS_PYTHON:-.venv/bin/python python3.13 python3.12 python3.11 python3 python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    case "${SUPERPAAS_LANG:-${LC_ALL:-${LANG:-}}}" in
        en*) echo "Python 3.11 or newer is needed and was not found. Install one, or name it: SUPERPAAS_PYTHON=/path/to/python3 ./run.sh up" >&2 ;;
        *) echo "需要 Python 3.11 或更新版本，未找到。请先安装，或指定：SUPERPAAS_PYTHON=/path/to/python3 ./run.sh up" >&2 ;;
    esac
    exit 1
fi
exec "$python" -c 'import sys; sys.path.insert(0, "libs/superpaas/src"); from superpaas.bootstrap import main; main()' "$@"
