"""Workers of pytest-xdist: each has servers of its own."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ASKED = """
import os, time, pytest

@pytest.mark.parametrize("number", range(4))
def test_where(number):
    with open({told!r}, "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + " " + os.environ["REDIS_URL"] + chr(10))
    time.sleep(0.3)
"""


def test_two_workers_share_no_server(tmp_path: Path):
    told = tmp_path / "told"
    (tmp_path / "test_asked.py").write_text(ASKED.format(told=str(told)))
    unnamed = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL") and not name.startswith("PYTEST_")
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--rootdir", str(settings.BASE_DIR)]
        + ["-c", str(settings.BASE_DIR / "pyproject.toml"), str(tmp_path / "test_asked.py")],
        cwd=settings.BASE_DIR,
        env=unnamed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    seen = dict(line.split() for line in told.read_text().splitlines())
    assert set(seen) == {"gw0", "gw1"}
    assert seen["gw0"] != seen["gw1"]
