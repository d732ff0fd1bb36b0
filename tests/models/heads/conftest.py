"""Members to put heads on."""

import pytest


@pytest.fixture
def member():
    """Give the config of a small ResNet with a head."""

    def resnet(head):
        return dict(
            type='ImageClassifier',
            backbone=dict(type='ResNet_CIFAR', depth=18, stem_channels=4,
                          base_channels=4),
            neck=dict(type='GlobalAveragePooling'),
            head=dict(head, num_classes=3, in_channels=32))

    return resnet
