# The two validations of the decomposition, and routing.
val_evaluator = [dict(type='DecompositionMetric', num_resamples=1000)]
test_evaluator = [
    dict(type='DecompositionMetric'),
    dict(type='RoutingMetric'),
]
