# As resnet-48px_ldl_ferplus, with a second head that regresses the entropy
# of the votes (arXiv 2609.17130). Where methods are compared, that prediction
# is what is held against the votes.
_base_ = ['../_base_/resnet-48px_ferplus.py']

model = dict(
    head=dict(
        _delete_=True,
        type='EntropyHead',
        in_channels=256,
        head=_base_.model.head))

test_evaluator = [
    dict(type='DecompositionMetric', score='predicted_vote_entropy'),
    *_base_.test_evaluator[1:],
]
