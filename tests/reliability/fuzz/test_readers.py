"""Damaged label files: read as they stand, or refused by name.

The quick set is part of the suite; ``make test-fuzz`` runs the long one and
prints how many inputs of each reader were loaded and refused.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from .loop import outcomes
from .mutations import damage
from .other_files import OTHER_FILES
from .reader import Reader
from .readers import LABEL_FILES, as_csv

READERS = {**LABEL_FILES, **OTHER_FILES}

QUICK, LONG = 25, 1350
MEMORY = 400 * 2**20


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """What is loaded says so in the log; thousands of times here."""
    monkeypatch.setattr('uar_mmpretrain.datasets.soft_label.print_log',
                        lambda *args, **kwargs: None)


def fuzz(reader: Reader, folder: Path, number: int) -> Counter:
    reader.lay_out(folder)
    return outcomes(
        lambda rng: reader.outcome(
            folder, damage(rng, reader.seed, *reader.mutations)), number,
        MEMORY)


@pytest.mark.parametrize('name', READERS)
def test_whole_files_load(name, tmp_path):
    reader = READERS[name]
    reader.lay_out(tmp_path)
    assert reader.outcome(tmp_path, reader.seed) == 'loaded'


@pytest.mark.parametrize('name', READERS)
def test_damaged_files_are_read_as_they_stand_or_refused(name, tmp_path):
    counts = fuzz(READERS[name], tmp_path, QUICK)
    assert counts['refused'] > 0


@pytest.mark.reliability
@pytest.mark.parametrize('name', READERS)
def test_many_damaged_files(name, tmp_path, capsys):
    # PyYAML, written in Python, is slow with what is nested deeply.
    number = LONG // 6 if name == 'AU prior' else LONG
    counts = fuzz(READERS[name], tmp_path, number)
    with capsys.disabled():
        print(f'\n{name}: {sum(counts.values()):,} inputs, '
              f'{counts["loaded"]:,} loaded, {counts["refused"]:,} refused')
    assert counts['refused'] > 0 and counts['loaded'] > 0


@pytest.mark.parametrize('cell', [
    '', '-1', 'nan', 'inf', '1e400', '1e308', 'x', '1,5', '9' * 400])
def test_a_bad_cell_is_named_by_row_and_column(cell, tmp_path):
    reader = READERS['table.csv']
    reader.lay_out(tmp_path)
    rows = [line.split(',') for line in reader.seed.decode().splitlines()]
    rows[3][2] = cell
    (tmp_path / reader.file).write_bytes(as_csv(rows))
    with pytest.raises(ValueError, match='votes.csv row 4, vote_happiness: '):
        reader.load(tmp_path)


def test_columns_keep_their_meaning_in_any_order(tmp_path):
    reader = READERS['table.csv']
    reader.lay_out(tmp_path)
    rows = [line.split(',') for line in reader.seed.decode().splitlines()]
    order = np.random.default_rng(0).permutation(len(rows[0]))
    data = as_csv([[row[i] for i in order] for row in rows])
    assert reader.outcome(tmp_path, data) == 'loaded'
