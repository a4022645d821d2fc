"""How fast Gap Atlas is and how much it sends, beside the naive way, measured in one run.

    python -m benchmarks                              # everything, a few minutes
    python -m benchmarks --only library --out benchmarks.md
    python -m benchmarks --only map_step --messages   # and what one slider step sends

Every number is measured while the command runs. Where there is a peer, its samples alternate with
ours, so that a busy machine slows both.
"""
