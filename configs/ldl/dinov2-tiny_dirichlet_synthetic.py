# As dinov2-tiny_ldl_synthetic, with a Dirichlet trained on the vote counts.
_base_ = ['../_base_/dinov2-tiny_synthetic.py']

# From scratch: softplus evidence learns too slowly (see docs/ldl.md).
model = dict(head=dict(type='DirichletHead', link='exp'))

test_evaluator = [
    dict(type='DecompositionMetric', score='dirichlet_aleatoric'),
    dict(type='RoutingMetric', score='dirichlet_epistemic'),
    *_base_.test_evaluator[2:],
]
