# As resnet-48px_ldl_ferplus, with a Dirichlet over label distributions
# trained on the vote counts (arXiv 2609.17130). Entropy reports, the
# Dirichlet's epistemic part rejects; where methods are compared, its
# aleatoric part is what is held against the votes.
_base_ = ['../_base_/resnet-48px_ferplus.py']

# From scratch: softplus evidence learns too slowly (see docs/ldl.md).
model = dict(head=dict(type='DirichletHead', link='exp'))

test_evaluator = [
    dict(type='DecompositionMetric', score='dirichlet_aleatoric'),
    dict(type='RoutingMetric', score='dirichlet_epistemic'),
    *_base_.test_evaluator[2:],
]
