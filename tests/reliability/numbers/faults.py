"""Faults to plant in the pure folders, and the tests that must find them."""

from typing import NamedTuple

_STATISTICS = 'evaluation/functional/statistics'
_DECOMPOSITION = 'evaluation/functional/decomposition'
_CALIBRATION = 'evaluation/functional/calibration'


class Fault(NamedTuple):
    """One change of one line.

    Args:
        what (str): In words.
        file (str): In the package, without ``.py``.
        original (str): Occurs once in the file.
        planted (str): Takes its place.
        tests (str): File below ``tests`` that must fail, without ``.py``.
    """

    what: str
    file: str
    original: str
    planted: str
    tests: str


FAULTS = [
    Fault('entropy in bits', 'uncertainty/decomposition',
          'total = torch.special.entr(scores.mean(1)).sum(-1)',
          'total = torch.special.entr(scores.mean(1)).sum(-1) / 0.6931472',
          'uncertainty/test_decomposition'),
    Fault('members summed, not averaged', 'uncertainty/decomposition',
          'return total, torch.special.entr(scores).sum(-1).mean(1)',
          'return total, torch.special.entr(scores).sum(-1).sum(1)',
          'uncertainty/test_decomposition'),
    Fault('aleatoric and epistemic exchanged', 'uncertainty/decomposition',
          '[total, aleatoric]', '[total, total - aleatoric]',
          'uncertainty/test_decomposition'),
    Fault('0 log 0 without its guard', 'uncertainty/decomposition',
          'torch.where(mean > 0, -mean * log_mean, 0)', '-mean * log_mean',
          'uncertainty/test_decomposition'),
    Fault('p^T instead of p^(1/T)', 'uncertainty/temperature',
          'torch.as_tensor(1 / temperature)', 'torch.as_tensor(temperature)',
          'uncertainty/test_temperature'),
    Fault('divisor M - 1', 'uncertainty/channels/logit_variance',
          'unbiased=False', 'unbiased=True',
          'uncertainty/channels/test_score_channels'),
    Fault('a tie with the threshold is reported', 'routing/router',
          'np.where(aleatoric > self.tau_aleatoric',
          'np.where(aleatoric >= self.tau_aleatoric', 'routing/test_router'),
    Fault('reporting goes before rejection', 'routing/router',
          'np.where(rejection > self.tau_epistemic, Action.REJECT,',
          'np.where((rejection > self.tau_epistemic)'
          ' & (actions == Action.ACCEPT), Action.REJECT,',
          'routing/test_router'),
    Fault('the other side of the quantile', 'routing/rejection',
          'np.quantile(scores, 1 - alpha)', 'np.quantile(scores, alpha)',
          'routing/test_rejection'),
    Fault('one exceedance more than the bound allows', 'routing/rejection',
          'return exceed - int(binom.cdf(exceed, num_images, alpha) > delta)',
          'return exceed', 'routing/test_rejection'),
    Fault('p-values without the image itself', 'routing/conformal',
          '(1 + n - below) / (n + 1)', '(n - below) / n',
          'routing/test_conformal'),
    Fault('votes: 0 log 0 without its guard', 'evaluation/functional/votes',
          'entr(np.sort(shares, axis=1)).sum(1)',
          '-(shares * np.log(shares)).sum(1)',
          'evaluation/functional/test_votes'),
    Fault('faces on the cut are not ambiguous', 'evaluation/functional/votes',
          'nan=-1.0) >= cut', 'nan=-1.0) > cut',
          'evaluation/functional/test_votes'),
    Fault('ties count nothing in an AUROC', f'{_STATISTICS}/detection',
          '(cumulative[low] + cumulative[high]) / 2', 'cumulative[low]',
          f'{_STATISTICS}/test_detection'),
    Fault('ordinal instead of average ranks',
          f'{_DECOMPOSITION}/rank_correlations',
          'spearmanr(self._scores[first],',
          'spearmanr(self._scores[first].argsort().argsort(),',
          f'{_STATISTICS}/test_correlation'),
    Fault('largest instead of average ranks in replicates',
          f'{_STATISTICS}/weighted_spearman', 'ranks -= whole', 'pass',
          f'{_STATISTICS}/test_correlation'),
    Fault('images drawn without replacement', f'{_STATISTICS}/resampling',
          'rng.integers(0, num_images, size=(size, num_images))',
          'rng.permuted(np.tile(np.arange(num_images), (size, 1)), axis=1)',
          f'{_STATISTICS}/test_resampling'),
    Fault('copies of an image drawn apart from it',
          f'{_DECOMPOSITION}/shift_detection',
          'np.unique(table.image_id, return_inverse=True)',
          '[np.arange(len(table))] * 2',
          f'{_DECOMPOSITION}/test_shift_detection'),
    Fault('a percentile interval where a reflected one is due',
          f'{_STATISTICS}/mean_bootstrap', 'float(2 * estimate - high)',
          'float(low)', f'{_STATISTICS}/test_mean_bootstrap'),
    Fault('one image too few rejected', f'{_STATISTICS}/ranked_scores',
          'np.ceil(rates * total - 1e-9)', 'np.floor(rates * total)',
          f'{_STATISTICS}/test_ranked_scores'),
    Fault('ties in the order of the rows',
          'evaluation/functional/selective/risk_coverage',
          'np.add.reduceat(loss[order], starts) / sizes',
          'loss[order][starts]',
          'evaluation/functional/selective/test_risk_coverage'),
    Fault('gaps of both signs cancel', f'{_CALIBRATION}/calibration_error',
          'np.nansum(self.count * np.abs(self.gap))',
          'abs(np.nansum(self.count * self.gap))',
          f'{_CALIBRATION}/test_calibration_error'),
    Fault('a confidence on an edge one bin too high',
          f'{_CALIBRATION}/calibration_error',
          "np.searchsorted(edges, confidence, side='left')",
          "np.searchsorted(edges, confidence, side='right')",
          f'{_CALIBRATION}/test_calibration_error'),
    Fault('divergence in the other direction',
          f'{_CALIBRATION}/distribution_distances',
          'rel_entr(target, np.maximum(predicted, PROBABILITY_FLOOR))',
          'rel_entr(np.maximum(predicted, PROBABILITY_FLOOR), target)',
          f'{_CALIBRATION}/test_distribution_distances'),
    Fault('half of the votes taken for all',
          f'{_DECOMPOSITION}/noise_ceiling', '2 * half / (1 + half)', 'half',
          f'{_DECOMPOSITION}/test_noise_ceiling'),
]
