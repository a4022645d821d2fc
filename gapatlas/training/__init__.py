"""Room `training`: what goes with training and grants, as pure functions on arrays."""
