import json

import pytest

TOOL = 'analysis_tools/check_data.py'


@pytest.fixture
def config(tmp_path):
    """Config of a table with one image that is not there."""
    (tmp_path / 'votes.csv').write_text(
        'img_path,vote_neutral,vote_anger\n'
        'a[red].png,3,1\ngone.png,1,3\n')
    import cv2
    import numpy as np
    noise = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    cv2.imwrite(str(tmp_path / 'a[red].png'), noise)
    path = tmp_path / 'config.py'
    path.write_text(f'''
train_dataloader = dict(dataset=dict(
    type='SoftLabelDataset', ann_file='votes.csv',
    data_root={str(tmp_path)!r}, classes=['neutral', 'anger']))
''')
    return path


def test_exit_code_and_file_names(run_tool, config, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        run_tool(TOOL, config, '--out', tmp_path / 'new/check.json')
    assert ended.value.code == 1
    printed = capsys.readouterr().out
    assert 'WRONG' in printed and 'gone.png' in printed
    record = json.loads((tmp_path / 'new/check.json').read_text())
    assert not record['ok'] and record['labels'][0]['missing'] == ['gone.png']
    assert [one.name for one in (tmp_path / 'new').iterdir()] == [
        'check.json']


def test_nothing_wrong(run_tool, config, tmp_path, capsys):
    (tmp_path / 'votes.csv').write_text(
        'img_path,vote_neutral,vote_anger\na[red].png,3,1\n')
    run_tool(TOOL, config)
    assert 'Nothing wrong' in capsys.readouterr().out


def test_number_of_threads_is_checked(run_tool, config, capsys):
    with pytest.raises(SystemExit) as ended:
        run_tool(TOOL, config, '--jobs', 0)
    assert ended.value.code == 2
    assert '--jobs must be at least 1' in capsys.readouterr().err
