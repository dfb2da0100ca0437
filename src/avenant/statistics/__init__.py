"""The statistics of a trial: numbers in, intervals and decisions out; numpy and scipy alone."""
