"""The nearest operations of albumentations 2 and torchvision v2.

They carry similar names and strengths (those of severity 3) but mostly other
definitions, so only their time is comparable.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import numpy as np

Operation = Callable[[], object]


def albumentations(image: np.ndarray) -> dict[str, Operation]:
    """List the operations of albumentations, by the corruption they resemble.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.

    Returns:
        dict[str, Callable]: Each runs once on the image.
    """
    import albumentations as A
    sure = dict(p=1.0)
    transforms = {
        'gaussian_noise': A.GaussNoise(std_range=(0.18, 0.18), **sure),
        'shot_noise': A.ShotNoise(scale_range=(0.1, 0.1), **sure),
        'impulse_noise': A.SaltAndPepper(amount=(0.09, 0.09), **sure),
        'speckle_noise': A.MultiplicativeNoise(
            multiplier=(0.65, 1.35), per_channel=True, elementwise=True,
            **sure),
        'defocus_blur': A.Defocus(
            radius=(6, 6), alias_blur=(0.5, 0.5), **sure),
        'glass_blur': A.GlassBlur(
            sigma=1.0, max_delta=2, iterations=3, **sure),
        'motion_blur': A.MotionBlur(blur_limit=(31, 31), **sure),
        'zoom_blur': A.ZoomBlur(
            max_factor=(1.21, 1.21), step_factor=(0.02, 0.02), **sure),
        'gaussian_blur': A.GaussianBlur(sigma_limit=(3, 3), **sure),
        'snow': A.RandomSnow(**sure),
        'fog': A.RandomFog(**sure),
        'spatter': A.Spatter(**sure),
        'brightness': A.RandomBrightnessContrast(
            brightness_limit=(0.3, 0.3), contrast_limit=(0, 0), **sure),
        'contrast': A.RandomBrightnessContrast(
            brightness_limit=(0, 0), contrast_limit=(-0.8, -0.8), **sure),
        'saturate': A.HueSaturationValue(
            hue_shift_limit=(0, 0), sat_shift_limit=(50, 50),
            val_shift_limit=(0, 0), **sure),
        'elastic_transform': A.ElasticTransform(alpha=20, sigma=2, **sure),
        'pixelate': A.Downscale(scale_range=(0.4, 0.4), **sure),
        'jpeg_compression': A.ImageCompression(
            quality_range=(15, 15), **sure),
    }
    return {
        name: lambda transform=transform: transform(image=image)
        for name, transform in transforms.items()
    }


def torchvision(image: np.ndarray) -> dict[str, Operation]:
    """List the operations of torchvision v2, by the corruption they resemble.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.

    Returns:
        dict[str, Callable]: Each runs once on the image as a uint8 tensor;
        the noise, which takes no other, on a float one.
    """
    import torch
    with contextlib.suppress(ImportError):
        # With a CPU build of torch, torchvision may need its shim.
        import uar_mmpretrain.compat  # noqa: F401
    from torchvision.transforms import v2
    torch.set_num_threads(1)
    levels = torch.from_numpy(image).permute(2, 0, 1).contiguous()
    unit = levels / 255
    noise = v2.GaussianNoise(sigma=0.18)
    blur = v2.GaussianBlur(25, sigma=3.0)
    elastic = v2.ElasticTransform(alpha=20.0, sigma=2.0)
    jpeg = v2.JPEG(quality=15)
    adjust = v2.functional
    operations: dict[str, Operation] = {
        'gaussian_noise': lambda: noise(unit),
        'gaussian_blur': lambda: blur(levels),
        'elastic_transform': lambda: elastic(levels),
        'brightness': lambda: adjust.adjust_brightness(levels, 1.6),
        'contrast': lambda: adjust.adjust_contrast(levels, 0.2),
        'saturate': lambda: adjust.adjust_saturation(levels, 2.0),
    }
    # A build without libjpeg has no codec.
    with contextlib.suppress(RuntimeError):
        jpeg(levels)
        operations['jpeg_compression'] = lambda: jpeg(levels)
    return operations
