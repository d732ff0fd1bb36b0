"""Each work-around of ``compat`` is still needed where it acts.

``make test-stacks`` runs this on every stack. A failure is good news: what it
names may go.
"""

import importlib.util
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
import torch
from packaging.requirements import Requirement

from uar_mmpretrain import compat
from uar_mmpretrain.compat.checkpoint_globals import (
    has_allow_list,
    torch_version,
)

pytestmark = pytest.mark.reliability

READ_A_TRAINING_LOG = '''
import io, torch, mmengine.runner
from mmengine.logging import HistoryBuffer
file = io.BytesIO()
torch.save(HistoryBuffer([1.], [1]), file)
file.seek(0)
torch.load(file, weights_only=True)
'''


def failure(script, folder):
    """Run Python without this package; return its last words, if it fails."""
    done = subprocess.run([sys.executable, '-c', script], cwd=folder,
                          text=True, capture_output=True)
    return done.stderr if done.returncode else ''


def test_declare_missing_torchvision_ops(tmp_path):
    origin = importlib.util.find_spec('torchvision').origin
    version = re.search("__version__ = '(.*)'",
                        (Path(origin).parent / 'version.py').read_text())[1]
    if (torch.version.cuda is None) == ('+cu' not in version):
        pytest.skip(f'torch {torch.__version__} and torchvision {version} '
                    'are builds that belong together')
    assert 'operator torchvision::' in failure('import torchvision', tmp_path)


def test_allow_mmengine_checkpoints(tmp_path):
    if not has_allow_list():
        pytest.skip(f'torch {torch.__version__} has no allow list')
    assert 'HistoryBuffer' in failure(READ_A_TRAINING_LOG, tmp_path)


def test_a_torch_before_2_6_is_supported():
    torches = [requirement.specifier
               for requirement in map(Requirement, requires('uar_mmpretrain'))
               if requirement.name == 'torch']
    assert torches[0].contains('2.5.1'), (
        'safe_loading and attention_under_vmap are for no other')


def test_safe_loading(tmp_path):
    if has_allow_list():
        pytest.skip(f'torch {torch.__version__} has an allow list')
    assert 'HistoryBuffer' in failure(READ_A_TRAINING_LOG, tmp_path)


def test_attention_under_vmap():
    if torch_version() >= (2, 6):
        pytest.skip(f'torch {torch.__version__} batches attention')
    tensor = torch.ones(2, 1, 1, 3, 4)
    with pytest.raises(RuntimeError, match='Batching rule not implemented'):
        torch.func.vmap(torch.nn.functional.scaled_dot_product_attention)(
            tensor, tensor, tensor)


def test_no_workaround_is_left_out():
    tested = {name[len('test_'):] for name in globals()
              if name.startswith('test_')}
    assert set(compat.__all__) - {'apply'} <= tested
