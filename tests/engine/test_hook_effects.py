"""Hooks count unless they say that weights are the same with them."""

from mmengine.hooks import Hook

from uar_mmpretrain.engine.hook_effects import affects_weights


class Watching(Hook):
    affects_weights = False


def test_by_name_and_by_class():
    assert not affects_weights('ChannelsLastHook')
    assert not affects_weights(Watching)
    # of mmengine, and one that nobody registered: they say nothing
    assert affects_weights('EMAHook') and affects_weights(Hook)
    assert affects_weights('HookOfAnotherLab')
