"""The four distinct frost pictures of ImageNet-C, as summary statistics.

The photographs themselves are not shipped. What a classifier sees of them is
described by their colour, the distribution of their luminance and its power
spectrum; :mod:`.synthesis` draws textures with the same ones.

Reference: Hendrycks and Dietterich, "Benchmarking Neural Network Robustness
to Common Corruptions and Perturbations", ICLR 2019 (the pictures).
"""

from __future__ import annotations

from dataclasses import dataclass

# Luminance of (R, G, B), ITU-R BT.601.
LUMA = (0.299, 0.587, 0.114)

# Probabilities of the luminance quantiles.
PROBABILITIES = (0, .001, .003, .01, .03, .05, .1, .25, .5, .75, .9, .95, .97,
                 .99, .997, .999, 1)

# The spectra are of crops of this side, in cycles per side; band b reaches
# from edge b, inclusive, to edge b + 1.
CROP = 224
BAND_EDGES = (1, 2, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64, 90, 112, 159)


@dataclass(frozen=True)
class Style:
    """Statistics of one frost picture; levels are 0..255.

    Attributes:
        name (str): Also the name of the shipped file.
        slots (int): How many of the five pictures it is; weight = slots / 5.
        mean (tuple): Mean R, G, B.
        direction (tuple): First principal component of the colours, R, G, B.
        quantiles (tuple): Luminance at ``PROBABILITIES``.
        bands (tuple): log10 of the mean of \\|FFT\\|^2 / 224^2 over each band
            of ``BAND_EDGES``, of mean-free luminance crops of 224 x 224 under
            a Hann window of unit rms.
        seed (int): Of the shipped texture.
        tint (tuple, optional): R, G, B direction of a second, slow colour
            component of standard deviation ``tint_std``.
        tint_std (float): In levels.
    """

    name: str
    slots: int
    mean: tuple[float, ...]
    direction: tuple[float, ...]
    quantiles: tuple[float, ...]
    bands: tuple[float, ...]
    seed: int
    tint: tuple[float, ...] | None = None
    tint_std: float = 0.0


# In the order of the five pictures, frost1 to frost5.
STYLES = (
    Style(
        name='teal',
        slots=1,
        mean=(77.7, 149.1, 165.7),
        direction=(.795, .481, .368),
        quantiles=(81, 90, 92, 95, 100, 102, 107, 116, 128, 141, 155, 163,
                   168, 177, 186, 193, 220),
        bands=(5.57, 4.87, 4.34, 3.91, 3.44, 3.09, 2.76, 2.60, 2.46, 2.36,
               2.24, 1.96, 1.52, 1.07),
        seed=0,
        tint=(-.57, .39, .72),
        tint_std=13.0),
    Style(
        name='white',
        slots=2,
        mean=(200.8, 205.4, 214.5),
        direction=(.560, .580, .592),
        quantiles=(56, 105, 122, 140, 157, 165, 176, 193, 208, 220, 230, 235,
                   238, 244, 249, 251, 254),
        bands=(5.53, 4.68, 4.38, 4.13, 3.90, 3.81, 3.59, 3.28, 2.97, 2.73,
               2.45, 2.11, 1.59, 1.04),
        seed=1),
    Style(
        name='grey',
        slots=1,
        mean=(137.6, 152.8, 165.2),
        direction=(.568, .569, .595),
        quantiles=(22, 50, 63, 81, 96, 102, 114, 132, 150, 167, 183, 196, 206,
                   231, 248, 251, 254),
        bands=(5.40, 4.43, 4.39, 4.23, 4.06, 3.95, 3.74, 3.53, 3.36, 3.17,
               2.93, 2.61, 2.14, 1.61),
        seed=2),
    Style(
        name='slate',
        slots=1,
        mean=(112.4, 123.4, 134.8),
        direction=(.595, .579, .558),
        quantiles=(23, 33, 37, 43, 52, 58, 68, 89, 117, 149, 181, 202, 215,
                   237, 250, 254, 255),
        bands=(5.66, 5.24, 5.15, 4.89, 4.63, 4.34, 4.03, 3.77, 3.47, 3.16,
               2.88, 2.61, 2.41, 2.27),
        seed=3),
)
