"""The peer of `cargo xtask bench attribution`: one run over a file, timed inside the process.

Prints the milliseconds of the model alone, then `channel,conversions` line by line.
"""

import sys
import time

import ChannelAttribution
import pandas

data = pandas.read_csv(sys.argv[1])
started = time.perf_counter()
result = ChannelAttribution.markov_model(
    data,
    "path",
    "conversions",
    var_value="value",
    var_null="nulls",
    order=int(sys.argv[2]),
    verbose=False,
    flg_pro=False,
)
took = time.perf_counter() - started
print("milliseconds", took * 1000.0)
for channel, conversions in zip(result["channel_name"], result["total_conversions"]):
    print(f"{channel},{conversions}")
