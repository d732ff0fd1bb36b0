"""Hostile checkpoint files: refused, and nothing of them is run."""

import io
import os
import pickle
import tarfile
import zipfile

import numpy as np
import pytest
import torch

from uar_mmpretrain.engine.checkpoints import read_checkpoint


class Bomb:
    """Makes a file when unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return os.system, (f'touch {self.marker}', )


class Reach:
    """Asks for a method that writes files, of a class that is allowed."""

    def __reduce__(self):
        return getattr, (np.ndarray, 'tofile')


def plain(**more):
    return dict(meta=dict(dataset_meta=dict(classes=('a', 'b'))),
                state_dict=dict(w=torch.ones(2)), **more)


def refused(path, message):
    with pytest.raises(ValueError, match=message) as found:
        read_checkpoint(path)
    assert str(path) in str(found.value)


@pytest.mark.parametrize('place', [
    lambda bomb: bomb,
    lambda bomb: dict(state_dict=bomb),
    lambda bomb: dict(state_dict=dict(w=bomb)),
    lambda bomb: plain(optimizer=dict(state={0: dict(step=bomb)})),
    lambda bomb: plain(message_hub=dict(log_scalars=dict(loss=bomb))),
    lambda bomb: plain(param_schedulers=[bomb]),
    lambda bomb: dict(plain(), meta=dict(cfg=bomb)),
    lambda bomb: plain(hook=Reach()),
], ids=range(8))
@pytest.mark.parametrize('zipped', [True, False])
def test_code_anywhere_is_refused_and_not_run(place, zipped, tmp_path):
    path, marker = tmp_path / 'bomb.pth', tmp_path / 'ran'
    torch.save(place(Bomb(marker)), path,
               _use_new_zipfile_serialization=zipped)
    refused(path, 'bomb.pth')
    assert not marker.exists()


def test_files_of_other_packers_are_refused_and_not_run(tmp_path):
    marker = tmp_path / 'ran'
    payload = pickle.dumps(Bomb(marker))
    (tmp_path / 'a.pth').write_bytes(payload)
    with tarfile.open(tmp_path / 'b.pth', 'w') as archive:
        for name in ('sys_info', 'pickle', 'storages', 'tensors'):
            entry = tarfile.TarInfo(name)
            entry.size = len(payload)
            archive.addfile(entry, io.BytesIO(payload))
    np.save(tmp_path / 'c.npy', np.array([Bomb(marker)], dtype=object))
    (tmp_path / 'c.npy').rename(tmp_path / 'c.pth')
    module = torch.jit.trace(torch.nn.Linear(2, 2), torch.ones(1, 2))
    module.save(str(tmp_path / 'd.pth'))
    for name in 'abcd':
        refused(tmp_path / f'{name}.pth', 'refused|truncated')
    assert not marker.exists()


def rewritten(path, compression, content=None):
    """The same archive, packed another way."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, 'w', compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        for name, data in (content or {}).items():
            archive.writestr(name, data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / 'bomb.pth'
    torch.save(plain(), path)
    rewritten(path, zipfile.ZIP_DEFLATED, {'big': bytes(50_000_000)})
    refused(path, r'that unpack to 50,\d{3},\d{3}')


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    path = tmp_path / 'bomb.pth'
    torch.save(plain(), path)
    with zipfile.ZipFile(path, 'a') as archive:
        archive.writestr('big', bytes(10_000))
        for number in range(9):
            twin = zipfile.ZipInfo(f'twin{number}')
            big = archive.getinfo('big')
            for name in ('CRC', 'compress_size', 'file_size',
                         'header_offset'):
                setattr(twin, name, getattr(big, name))
            archive.filelist.append(twin)
        archive._didModify = True
    refused(path, 'that unpack to')


@pytest.mark.parametrize('weight', [
    torch.ones(1).expand(10_000, 10_000),
    torch.ones(1).as_strided((10**6, 10**6), (0, 0)),
    torch.empty(10**7, device='meta'),
])
def test_small_files_of_large_tensors_are_refused(weight, tmp_path):
    path = tmp_path / 'bomb.pth'
    torch.save(dict(state_dict=dict(w=weight)), path)
    refused(path, "'w' of its state_dict says it holds")


def test_a_storage_larger_than_its_bytes_is_not_read(tmp_path):
    path = tmp_path / 'bomb.pth'
    torch.save(dict(state_dict=dict(w=torch.ones(64))), path)
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    (name, ) = [name for name in entries if name.endswith('/data/0')]
    entries[name] = entries[name][:16]
    with zipfile.ZipFile(path, 'w') as archive:
        for one, data in entries.items():
            archive.writestr(one, data)
    refused(path, 'bomb.pth')


@pytest.mark.parametrize('changes, message', [
    (dict(state_dict=5), 'has no state_dict'),
    (dict(state_dict=dict(w=[1., 2.])), "'w' of its state_dict is a list"),
    (dict(state_dict=dict(a=dict(w='x'))), "'a.w' of its .* is a str"),
    (dict(meta=[1]), 'meta is a list'),
    (dict(meta=dict(dataset_meta='x')), 'meta.dataset_meta is a str'),
    (dict(meta=dict(dataset_meta=dict(classes='ab'))), 'classes is a str'),
    (dict(meta=dict(dataset_meta=dict(classes=[1]))), 'are not names'),
    (dict(meta=dict(num_members=10**9)), 'says it holds 1000000000 members'),
    (dict(meta=dict(num_members=2), state_dict={
        'members.0.w': torch.ones(1), 'members.2.w': torch.ones(1)}),
     'members 0, 2; expected'),
])
def test_content_of_another_form(changes, message, tmp_path):
    torch.save({**plain(), **changes}, tmp_path / 'a.pth')
    refused(tmp_path / 'a.pth', message)


def test_fitted_channels_are_tensors_by_name(tmp_path):
    torch.save(dict(state_dict=dict(density=dict(mean=torch.ones(3)))),
               tmp_path / 'channels.pth')
    found = read_checkpoint(tmp_path / 'channels.pth')
    assert found['state_dict']['density']['mean'].tolist() == [1., 1., 1.]
