"""The inference tool, on an ensemble that was never trained."""

import json
import shutil

import cv2
import numpy as np
import pytest
import torch

from uar_mmpretrain.routing import Router, fingerprint_weights


@pytest.fixture(scope='module')
def checkpoint(untrained, tmp_path_factory):
    """The ensemble with a router that rejects everything."""
    path = tmp_path_factory.mktemp('infer') / 'ensemble.pth'
    shutil.copy(untrained / 'ensemble.pth', path)
    content = torch.load(path, weights_only=True)
    Router(-1., 9., classes=content['meta']['dataset_meta']['classes'],
           checkpoint=fingerprint_weights(content['state_dict'])).save(
               path.with_name('router.json'))
    return path


@pytest.fixture
def folder(tmp_path):
    """Two pictures and an empty file."""
    (tmp_path / 'in').mkdir()
    for name, shade in (('a', 60), ('c', 200)):
        cv2.imwrite(str(tmp_path / f'in/{name}.png'),
                    np.full((30, 40, 3), shade, np.uint8))
    (tmp_path / 'in/b.png').touch()
    return tmp_path / 'in'


@pytest.fixture
def infer(run_tool):
    """Run the tool and return its exit status."""

    def run(*args):
        with pytest.raises(SystemExit) as ended:
            run_tool('infer.py', *args)
        return ended.value.code

    return run


def test_lines_and_pictures(infer, checkpoint, folder, tmp_path, capsys):
    out, shown = tmp_path / 'out' / 'results.jsonl', tmp_path / 'shown'
    assert infer(checkpoint, folder, '--out', out, '--show-dir', shown) == 1
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row['source'] for row in rows] == [
        str(folder / f'{name}.png') for name in 'abc']
    assert [row['action'] for row in rows] == ['REJECT', None, 'REJECT']
    assert '0 bytes' in rows[1]['error']
    assert len(list(shown.iterdir())) == 2
    errors = capsys.readouterr().err
    assert 'b.png: failed: 0 bytes' in errors
    assert '3 decisions: 2 REJECT, 1 failed' in errors


def test_on_the_screen_and_without_failures(infer, checkpoint, folder,
                                            capsys):
    assert infer(checkpoint, folder / 'a.png') == 0
    printed = capsys.readouterr().out
    assert f'{folder / "a.png"}: REJECT' in printed
    assert 'unlike the training images' in printed


def test_options_of_checkpoints_are_refused_for_onnx(infer, folder, capsys):
    assert infer('model.onnx', folder, '--half', '--device', 'cpu') == 2
    assert '--device, --half' in capsys.readouterr().err
