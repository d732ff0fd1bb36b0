"""The table says what the numbers are, and why some are missing."""

import re
from dataclasses import replace

from uar_mmpretrain.routing import Router
from uar_mmpretrain.visualization import recompute, render_results


def line(text, start):
    """The one line that starts like this."""
    found = [row.strip() for row in text.splitlines()
             if row.strip().startswith(start)]
    assert len(found) == 1, (start, text)
    return found[0]


def test_headline(results):
    text = render_results(results, ['work/test/metrics.json'])
    m = results.metrics
    assert '200 clean images, 3 members' in text
    assert f'{m["decomposition/accuracy"]:.1%}' in line(text, 'accuracy')
    row = line(text, 'Spearman')
    for end in ('', '_low', '_high'):
        value = m[f'decomposition/spearman_aleatoric{end}']
        assert f'{value:.3f}' in row
    for severity in (1, 5):
        row = line(text, f'AUROC of epistemic, severity {severity}')
        for name in ('epistemic', 'total'):
            value = m[f'decomposition/auroc_{name}_sev{severity}']
            assert f'{value:.3f}' in row
    row = line(text, 'ambiguous kept at 50%')
    assert f'{m["routing/retention_epistemic"]:.1%}' in row
    assert 'random 50.0%' in row
    row = line(text, 'ratio to total')
    assert f'{m["routing/ratio_total"]:.3f}' in row
    assert f'{m["routing/difference_total_points"]:+.1f} points' in row
    assert 'random 0.500' in line(text, 'AUROC, corrupted : ambiguous')
    assert line(text, 'work/test/metrics.json')
    assert 'left out' not in text


def test_calibration_and_selective_prediction(results):
    text = render_results(results, [])
    m = results.metrics
    for start, key, beside in (
        ('ECE, against labels', 'calibration/ece', 'calibration/ece_mass'),
        ('against votes', 'calibration/ece_soft',
         'calibration/entropy_error'),
        ('NLL', 'calibration/nll', 'calibration/brier'),
        ('AURC of total', 'selective/aurc_total',
         'selective/aurc_epistemic'),
        ('disagreeing votes', 'selective/aurc_soft_total',
         'selective/aurc_soft_epistemic'),
    ):
        row = line(text, start)
        for name in (key, f'{key}_low', f'{key}_high', beside):
            assert f'{m[name]:.3f}' in row


def test_missing_parts_have_their_reason(make_table, quick):
    text = render_results(
        recompute(replace(make_table(60, num_members=1), votes=None), quick),
        [])
    flat = re.sub(r'\s+', ' ', text)
    assert '1 member,' in text
    assert 'one member has no epistemic uncertainty' in flat
    assert 'no image has votes; the aleatoric part is' in flat
    assert 'Spearman' not in text and 'ratio' not in text
    assert 'soft-ECE' not in text and 'disagreeing' not in text
    assert 'no clean image has votes to compare' in flat
    assert re.search(r'severity 5 +- +total 0\.\d+', text)


def test_a_refused_comparison_prints_no_ratio(results):
    metrics = {key: value for key, value in results.metrics.items()
               if 'ratio_total' not in key and 'difference_total' not in key}
    text = render_results(
        replace(results, metrics=metrics,
                notes={'routing/against_total': 'rates differ'}), [])
    assert re.search(r'ratio to total +-\n', text)
    assert re.search(r'against_total +left out +rates differ', text)


def test_actions_and_data_set(table, quick):
    router = Router(.05, .4)
    routed = table.with_action(router.route(table.decompose()))
    results = replace(recompute(routed, quick),
                      dataset=dict(summary='FER+ test  [3,546 images]'))
    text = render_results(results, [])
    assert text.startswith('FER+ test  [3,546 images]\n')
    share = (routed.at_severity(5).action == 2).mean()
    assert f'{share:.1%} reject' in line(text, 'router on corrupted images')


def test_an_interval_that_is_not_known_is_left_blank(results):
    metrics = {**results.metrics, 'routing/ratio_total_low': None}
    assert 'None' not in render_results(replace(results, metrics=metrics), [])


def test_a_row_per_channel(make_table, quick):
    table = make_table(60)
    score = table.decompose().epistemic + table.severity
    results = recompute(replace(table, channels={'density': score}), quick)
    row = line(render_results(results, []), 'kept by density')
    assert f'{results.metrics["routing/retention_density"]:.1%}' in row
    assert f'{results.details["decomposition/auroc_density_sev5"]:.3f}' in row
    assert 'kept by' not in render_results(recompute(table, quick), [])


def test_the_driving_score_is_named(make_table, quick):
    table = make_table(60)
    score = table.decompose().epistemic + table.severity
    by = replace(quick, settings={**quick.settings, 'routing': dict(
        num_resamples=20, score='density')})
    results = recompute(replace(table, channels={'density': score}), by)
    row = line(render_results(results, []), 'ambiguous kept at 50%')
    assert 'by density' in row
    assert f'{results.metrics["routing/retention_density"]:.1%}' in row


def test_the_truth_of_drawn_faces(make_table, quick):
    table = make_table(60)
    truth = table.votes / table.votes.sum(1, keepdims=True)
    results = recompute(replace(table, truth=truth), quick)
    row = line(render_results(results, []), 'aleatoric and the true entropy')
    for name in ('spearman', 'mae'):
        value = results.metrics[f'decomposition/{name}_aleatoric_truth']
        assert f'{value:.3f}' in row
    assert 'true entropy' not in render_results(recompute(table, quick), [])
