"""People who stretch the pages: one with the longest names and three hundred of everything, one with
nothing at all, in both languages. For the tests' platform alone; the product's demo has none of it.
"""

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 120.0


def come(data: Path) -> None:
    """Into the database of the platform that runs in the folder; a second time changes nothing.

    Not as a test: their passwords are hashed as tests do it, which the platform doesn't accept.
    """
    subprocess.run(
        [
            *(sys.executable, "-m", "eduplatform.stack", "--data", str(data), "exec", "--"),
            *(sys.executable, "-m", "tests.browser.crowd"),
        ],
        check=True,
        timeout=SECONDS,
        env={key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
        | {"DEMO_MODE": "true", "DJANGO_SETTINGS_MODULE": "eduplatform.settings"},
    )
