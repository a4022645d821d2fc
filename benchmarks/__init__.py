"""How fast Gap Atlas is and how much it sends, beside the naive way, measured in one run.

    python -m benchmarks                              # everything, about 20 minutes
    python -m benchmarks --quick                      # fewer samples and smaller loads
    python -m benchmarks --only library --out benchmarks.md
    python -m benchmarks --only map_step --messages   # and what one slider step sends
    python -m benchmarks soak --minutes 15            # whether memory grows
    python -m benchmarks profile conviction_rates     # where a page's script time goes

Every number is measured while the command runs. Where there is a peer, its samples alternate with
ours, so that a busy machine slows both.
"""
