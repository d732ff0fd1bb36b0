# As resnet-48px_ldl_ferplus, with a Dirichlet over label distributions
# trained on the vote counts (arXiv 2609.17130). Entropy reports, the
# Dirichlet's epistemic part rejects.
_base_ = ['../_base_/resnet-48px_ferplus.py']

# From scratch: softplus evidence learns too slowly (see docs/ldl.md).
model = dict(head=dict(type='DirichletHead', link='exp'))

test_evaluator = [
    dict(type='DecompositionMetric'),
    dict(type='RoutingMetric', score='dirichlet_epistemic'),
    dict(type='CalibrationMetric'),
    dict(type='SelectiveMetric'),
    dict(type='LDLMetric'),
]
