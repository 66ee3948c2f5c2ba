"""Jobs on the machines of a Ray cluster: the queue stays where it is, and its workers are Ray Jobs.

The queue's dispatcher says whose turn it is; Ray says on which machine a worker runs, and on which of its GPUs. What
imports `ray` runs on the cluster's machines only: the queue talks to the cluster over HTTP.
"""
