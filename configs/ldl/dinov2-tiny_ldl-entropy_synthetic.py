# As dinov2-tiny_ldl_synthetic, with a second head that regresses the entropy
# of the votes (arXiv 2609.17130). Where methods are compared, that prediction
# is what is held against the votes.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

model = dict(
    head=dict(
        _delete_=True,
        type='EntropyHead',
        # class token and mean patch token
        in_channels=192,
        head=_base_.model.head))

test_evaluator = [
    dict(type='DecompositionMetric', score='predicted_vote_entropy'),
    *_base_.test_evaluator[1:],
]
