"""What the command-line tools share."""

from pathlib import Path

import pytest
from mmengine.config import Config

TOOLS = Path(__file__).parents[2] / 'tools'


@pytest.fixture
def filled(monkeypatch):
    """A training dataloader after the tools' defaults."""
    monkeypatch.syspath_prepend(str(TOOLS))
    import common

    def filled(loader, **defaults):
        cfg = Config(dict(train_dataloader=loader))
        common.set_dataloader_defaults(cfg, **defaults)
        return cfg.train_dataloader

    return filled


@pytest.mark.parametrize('gpu, asked, pinned', [
    (True, True, True), (True, False, False), (False, True, False)])
def test_memory_is_pinned_for_a_gpu_only(filled, monkeypatch, gpu, asked,
                                         pinned):
    monkeypatch.setattr('torch.cuda.is_available', lambda: gpu)
    assert filled(dict(), pin_memory=asked).get('pin_memory') is pinned
    if not pinned:  # the config's own word does not count either
        assert filled(dict(pin_memory=True),
                      pin_memory=asked).pin_memory is False


@pytest.mark.parametrize('workers, persistent', [(0, False), (2, True)])
def test_workers_stay_where_there_are_any(filled, workers, persistent):
    loader = filled(dict(num_workers=workers), persistent_workers=True)
    assert loader.persistent_workers is persistent


def test_the_config_has_its_way(filled):
    loader = filled(dict(num_workers=2, persistent_workers=False,
                         collate_fn=dict(type='pseudo_collate')),
                    persistent_workers=True)
    assert loader.collate_fn.type == 'pseudo_collate'
    assert loader.persistent_workers is False
