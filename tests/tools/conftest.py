import runpy
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parent.parent.parent / 'tools'


@pytest.fixture
def run_tool(monkeypatch):
    """Run a tool in this process, as its command line would."""

    def run(script, *args):
        monkeypatch.setattr(sys, 'argv', [script, *map(str, args)])
        runpy.run_path(str(TOOLS / script), run_name='__main__')

    return run
