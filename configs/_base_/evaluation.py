# The two validations of the decomposition, routing, and how far the
# probabilities can be trusted.
val_evaluator = [dict(type='DecompositionMetric', num_resamples=1000)]
test_evaluator = [
    dict(type='DecompositionMetric'),
    dict(type='RoutingMetric'),
    dict(type='CalibrationMetric'),
    dict(type='SelectiveMetric'),
    dict(type='LDLMetric'),
]
