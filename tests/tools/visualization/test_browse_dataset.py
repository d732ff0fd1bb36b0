import cv2
import pytest

TOOL = 'visualization/browse_dataset.py'


@pytest.mark.parametrize('split, mode', [('train', 'transformed'),
                                         ('test', 'concat')])
def test_sheets(run_tool, tiny_config_file, tmp_path, split, mode):
    run_tool(TOOL, tiny_config_file, '--split', split, '--mode', mode,
             '--number', 5, '--per-sheet', 3, '--out', tmp_path / 'sheets')
    sheets = sorted((tmp_path / 'sheets').iterdir())
    assert [one.name for one in sheets] == [f'{split}_000.png',
                                            f'{split}_001.png']
    assert all(cv2.imread(str(one)).std() > 0 for one in sheets)


def test_same_seed_same_sheet(run_tool, tiny_config_file, tmp_path):
    for name, seed in (('a', 1), ('b', 1), ('c', 2)):
        run_tool(TOOL, tiny_config_file, '--number', 2, '--seed', seed,
                 '--out', tmp_path / name)
    first, second, other = (
        (tmp_path / name / 'train_000.png').read_bytes() for name in 'abc')
    assert first == second != other


def test_numbers_are_checked(run_tool, tiny_config_file, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run_tool(TOOL, tiny_config_file, '--number', 0, '--out', tmp_path)
    assert '--number must be at least 1' in capsys.readouterr().err
