"""Every class is printed with its name and count."""

import re
from dataclasses import replace

import numpy as np

from uar_mmpretrain.visualization import recompute, render_results


def row(text, start):
    """The cells of the one line that starts like this."""
    found, = (line.split() for line in text.splitlines()
              if line.strip().startswith(start))
    return found


def test_every_class(table, results):
    text = render_results(results, [])
    judged = table.is_clean & (table.eval_label >= 0)
    for i, name in enumerate(table.classes):
        count = (table.eval_label[judged] == i).sum()
        d = {key: results.details[f'per_class/{key}_{name}'] for key in
             ('precision', 'recall', 'f1', 'vote_entropy', 'aleatoric')}
        assert row(text, f'{name} ') == [
            name, f'{count}', f'{d["precision"]:.1%}', f'{d["recall"]:.1%}',
            f'{d["f1"]:.1%}', f'{d["vote_entropy"]:.3f}',
            f'{d["aleatoric"]:.3f}']
    m = results.metrics
    assert row(text, 'mean over classes')[3:] == [
        f'{judged.sum()}', f'{m["per_class/balanced_accuracy"]:.1%}',
        f'{m["per_class/f1_macro"]:.1%}']


def test_classes_that_do_not_occur_and_odd_names(table, quick):
    other = replace(table, classes=('[a]', 'b', 'c', 'd'), votes=None,
                    eval_label=np.where(table.eval_label == 3, -1,
                                        table.eval_label))
    text = render_results(recompute(other, quick), [])
    assert row(text, '[a]')[5] == '-'
    assert row(text, 'd ')[1] == '0' and row(text, 'd ')[3] == '-'


def test_without_labels_there_is_no_such_table(table, quick):
    other = replace(table, eval_label=np.full(len(table), -1))
    text = render_results(recompute(other, quick), [])
    assert 'by class' not in text
    assert re.search(r'per_class +left\s+out +no clean image has', text)
