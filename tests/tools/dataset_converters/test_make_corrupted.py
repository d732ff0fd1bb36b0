import json

import cv2
import numpy as np
import pytest

from uar_mmpretrain.corruptions import corrupt

TOOL = 'dataset_converters/make_corrupted.py'


@pytest.fixture
def images(tmp_path):
    """Two pictures in a data root with a folder inside."""
    made = {}
    rng = np.random.default_rng(0)
    for name in ('test/a.png', 'test/deep/b.png'):
        path = tmp_path / 'root' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made[name] = rng.integers(0, 256, (20, 24, 3), np.uint8)
        cv2.imwrite(str(path), made[name])
    return tmp_path / 'root', made


def make(run_tool, root, out, *args):
    run_tool(TOOL, root / 'test', out, '--root', root, '--jobs', 1,
             '--corruptions', 'gaussian_noise', 'contrast', '--severities',
             2, 4, *args)


def test_pixels_are_those_of_a_test(run_tool, images, tmp_path):
    root, made = images
    make(run_tool, root, tmp_path / 'out', '--params', 'tiny', '--seed', 7)
    for name, image in made.items():
        for kind in ('gaussian_noise', 'contrast'):
            for severity in (2, 4):
                path = tmp_path / 'out' / kind / str(severity) / name[5:]
                np.testing.assert_array_equal(
                    cv2.imread(str(path)),
                    corrupt(image, kind, severity, image_id=name, seed=7,
                            params='tiny'))
    assert len(list((tmp_path / 'out').rglob('*.*'))) == 8 + 1


def test_resumes_with_what_is_missing(run_tool, images, tmp_path, capsys):
    root, _ = images
    out = tmp_path / 'out'
    make(run_tool, root, out)
    gone = out / 'contrast' / '4' / 'deep' / 'b.png'
    before = gone.read_bytes()
    kept = out / 'contrast' / '4' / 'a.png'
    kept.write_bytes(b'not touched')
    gone.unlink()
    make(run_tool, root, out)
    assert gone.read_bytes() == before
    assert kept.read_bytes() == b'not touched'
    assert '1 files written, 7 were there' in capsys.readouterr().out
    assert not list(out.rglob('.tmp-*'))


def test_jpeg_quality(run_tool, images, tmp_path):
    root, made = images
    make(run_tool, root, tmp_path / 'out', '--jpeg-quality', 85)
    written = cv2.imread(str(tmp_path / 'out' / 'contrast' / '2' / 'a.jpg'))
    np.testing.assert_array_equal(
        written, corrupt(made['test/a.png'], 'contrast', 2,
                         resave_quality=85))


def test_other_settings_or_a_foreign_folder_are_refused(
        run_tool, images, tmp_path):
    root, _ = images
    out = tmp_path / 'out'
    make(run_tool, root, out)
    assert json.loads((out / 'settings.json').read_text())['seed'] == 0
    with pytest.raises(ValueError, match='"?seed.?: 0.*this run has.*1'):
        make(run_tool, root, out, '--seed', 1)
    foreign = tmp_path / 'foreign'
    foreign.mkdir()
    (foreign / 'thesis.txt').write_text('x')
    with pytest.raises(ValueError, match='foreign holds files but no'):
        make(run_tool, root, foreign)


def test_bad_input_is_named(run_tool, images, tmp_path, capsys):
    root, _ = images
    (root / 'test' / 'page.png').write_text('<html>')
    with pytest.raises(ValueError, match='page.png: .*HTML'):
        make(run_tool, root, tmp_path / 'out')
    with pytest.raises(FileNotFoundError, match='no folder at'):
        run_tool(TOOL, root / 'no', tmp_path / 'o', '--root', root)
    with pytest.raises(SystemExit):
        run_tool(TOOL, root, root / 'inside')
    assert 'lies inside IN' in capsys.readouterr().err
    with pytest.raises(ValueError, match="did you mean 'contrast'"):
        run_tool(TOOL, root, tmp_path / 'o', '--corruptions', 'contrst')


def test_files_that_would_become_one(run_tool, images, tmp_path):
    root, made = images
    cv2.imwrite(str(root / 'test' / 'a.jpg'), made['test/a.png'])
    with pytest.raises(ValueError, match='a.jpg and .*a.png would become one'):
        make(run_tool, root, tmp_path / 'out')
