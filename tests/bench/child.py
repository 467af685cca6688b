"""``python -m tests.bench.child COMMAND …``: run a command; how it ended, how long it took, and the
most memory it had, as JSON on stderr.

The memory of a process that is started from a large one counts as that one's: the system keeps
the peak of the copy that `fork` makes. Started from here, where nothing is loaded, it is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main(command: list[str]) -> int:
    begin = time.perf_counter()
    child = subprocess.Popen(command)
    _pid, status, usage = os.wait4(child.pid, 0)
    took = time.perf_counter() - begin
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    found = {"code": os.waitstatus_to_exitcode(status), "seconds": took, "megabytes": peak}
    print(json.dumps(found), file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
