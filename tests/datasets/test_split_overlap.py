"""Which images two splits share, through any wrapper."""

import pytest
from mmengine.dataset import ConcatDataset, RepeatDataset
from mmpretrain.datasets import BaseDataset, KFoldDataset

from uar_mmpretrain.datasets.split_overlap import common_images, list_images


class Named(BaseDataset):
    """Images under a data root."""

    def __init__(self, root, names, field='image_id'):
        self.root, self.names, self.field = root, names, field
        super().__init__('', pipeline=[])

    def load_data_list(self):
        return [{'img_path': f'{self.root}/{name}', self.field: name}
                for name in self.names]


class Nameless:

    def __len__(self):
        return 3


def test_ids_and_paths(tmp_path):
    found = list_images(Named(tmp_path, ['a.png', 'b.png']))
    assert found == {'a.png': f'{tmp_path}/a.png',
                     'b.png': f'{tmp_path}/b.png'}


def test_wrappers_are_opened(tmp_path):
    both = ConcatDataset([Named(tmp_path, ['a.png']),
                          Named(tmp_path, ['b.png'])])
    assert set(list_images(both)) == {'a.png', 'b.png'}
    again = RepeatDataset(Named(tmp_path, ['a.png']), 3)
    assert set(list_images(again)) == {'a.png'}


def test_folds_of_one_set_share_nothing(tmp_path):
    train, val = (
        list_images(KFoldDataset(
            dict(type=Named, root=tmp_path,
                 names=['a.png', 'b.png', 'c.png']),
            num_splits=3, test_mode=test_mode))
        for test_mode in (False, True))
    assert (set(train), set(val)) == ({'b.png', 'c.png'}, {'a.png'})


def test_a_set_without_names_is_unknown_not_empty(tmp_path):
    assert list_images(Nameless()) is None

    class Wrapper:
        dataset = Nameless()

    assert list_images(Wrapper()) is None


def test_other_data_sets_of_mmpretrain_go_by_their_path(tmp_path):
    found = list_images(Named(tmp_path, ['a.png'], field='other'))
    assert found == {f'{tmp_path}/a.png': f'{tmp_path}/a.png'}


@pytest.mark.parametrize('root, shared', [('', ['b.png', 'c.png']),
                                          ('other', [])])
def test_the_same_name_elsewhere_is_another_image(tmp_path, root, shared):
    one = list_images(Named(tmp_path, ['a.png', 'c.png', 'b.png']))
    two = list_images(Named(tmp_path / root, ['b.png', 'c.png', 'd.png']))
    assert common_images(one, two) == shared
