"""Class distributions: the table, and when it changes."""

import pytest
import torch

from uar_mmpretrain.models.targets import ClassDistributions, class_table

EYE = torch.eye(3)
SCORES = torch.tensor([[.8, .1, .1], [.9, .1, 0.], [.3, .5, .2],
                       [.2, .7, .1], [.4, .4, .2]])
LABELS = EYE[torch.tensor([0, 0, 1, 1, 2])]


def started(**kwargs):
    targets = ClassDistributions(3, **kwargs)
    targets.start(['a.png'])
    return targets


def test_confident_rows_are_means_and_others_are_replaced():
    sums, counts = LABELS.T @ SCORES, LABELS.sum(0)
    table = class_table(sums, counts, .7)
    # class 0: mean (.85, .1, .05); class 1 has .6, class 2 has .2 of itself
    torch.testing.assert_close(table[0], torch.tensor([.85, .1, .05]))
    replaced = torch.tensor([.2, .7, .2]) / 1.1
    torch.testing.assert_close(table[1], replaced)
    torch.testing.assert_close(table[2], replaced[[0, 2, 1]])
    torch.testing.assert_close(table.sum(1), torch.ones(3))


def test_the_diagonal_decides():
    sums, counts = LABELS.T @ SCORES, LABELS.sum(0)
    table = class_table(sums, counts, .6 - 1e-6)
    torch.testing.assert_close(table[1], torch.tensor([.25, .6, .15]))
    # with 0.6 on the diagonal the rule of the code sums to 1 by itself
    torch.testing.assert_close(table[2], torch.tensor([.2, .2, .6]),
                               atol=1e-5, rtol=0)


def test_a_class_without_images_is_replaced():
    table = class_table(torch.zeros(3, 3), torch.zeros(3), .7)
    assert torch.isfinite(table).all()
    torch.testing.assert_close(table.diagonal(),
                               torch.full((3, ), .7 / 1.1))


def test_labels_stay_in_the_first_epoch():
    targets = started()
    targets.observe(SCORES, LABELS)
    assert torch.equal(targets(LABELS), LABELS)


def test_the_table_changes_only_when_the_epoch_ends():
    targets = started(threshold=.5)
    targets.observe(SCORES[:2], LABELS[:2])
    assert torch.equal(targets.table, EYE)
    targets.observe(SCORES[2:], LABELS[2:])
    assert torch.equal(targets.table, EYE)
    targets.end_epoch()
    expected = class_table(LABELS.T @ SCORES, LABELS.sum(0), .5)
    torch.testing.assert_close(targets.table, expected)
    kept = targets.table.clone()
    targets.observe(SCORES.flip(0), LABELS)
    assert torch.equal(targets.table, kept)


def test_an_epoch_starts_from_nothing():
    first, second = started(), started()
    first.observe(SCORES, LABELS)
    for targets in (first, second):
        targets.end_epoch()
        targets.observe(SCORES[:4], LABELS[:4])
        targets.end_epoch()
    assert torch.equal(first.table, second.table)


def test_an_epoch_without_images_changes_nothing():
    targets = started()
    targets.observe(SCORES, LABELS)
    targets.end_epoch()
    kept = targets.table.clone()
    targets.end_epoch()
    assert torch.equal(targets.table, kept)


def test_targets_mix_label_and_class():
    targets = started(share=.4, threshold=.5)
    targets.observe(SCORES, LABELS)
    targets.end_epoch()
    found = targets(EYE)
    torch.testing.assert_close(found[0], torch.tensor([.94, .04, .02]))
    torch.testing.assert_close(found.sum(1), torch.ones(3))
    soft = torch.tensor([[.5, .5, 0.]])
    torch.testing.assert_close(targets(soft),
                               (found[:1] + found[1:2]) / 2)


def test_half_precision_training_does_not_round_the_table():
    exact, rounded = started(), started()
    exact.observe(SCORES, LABELS)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        rounded.observe(SCORES, LABELS)
        assert rounded(LABELS).dtype == torch.float32
    for targets in (exact, rounded):
        targets.end_epoch()
    assert torch.equal(exact.table, rounded.table)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        assert torch.equal(rounded(LABELS), exact(LABELS))


def test_predictions_get_no_gradient():
    scores = SCORES.clone().requires_grad_()
    targets = started()
    targets.observe(scores, LABELS)
    targets.end_epoch()
    assert not targets(LABELS).requires_grad


def test_the_table_is_in_the_checkpoint():
    targets = started()
    targets.observe(SCORES, LABELS)
    targets.end_epoch()
    assert targets.state_dict().keys() == {'table'}
    resumed = ClassDistributions(3)
    resumed.load_state_dict(targets.state_dict())
    assert torch.equal(resumed(LABELS), targets(LABELS))


def test_without_the_hook_nothing_is_trained():
    with pytest.raises(ValueError, match="Add dict.type='EpochTargetsHook'"):
        ClassDistributions(3).observe(SCORES, LABELS)


@pytest.mark.parametrize('options', [dict(share=1.5), dict(threshold=0.)])
def test_shares_out_of_range(options):
    with pytest.raises(ValueError, match='expected shares between 0 and 1'):
        ClassDistributions(3, **options)
