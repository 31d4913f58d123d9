"""Times PyTorch's scaled dot product attention on the CPU: causal, bf16 and fp32.

One JSON object a line: {"peer", "dtype", "tokens", "heads", "headSize", "threads", "seconds", "gflops"}. `seconds` is the
median of the runs; `gflops` counts the causal work, 2 * tokens^2 * headSize FLOPs per head: QK and
PV take 2 * tokens^2 * headSize each without the mask, and the mask halves both.
"""

import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F


def time_attention(tokens, heads, head_size, dtype, runs):
    generator = torch.Generator().manual_seed(1)
    shape = (1, heads, tokens, head_size)
    q, k, v = (torch.randn(shape, generator=generator).to(dtype) for _ in range(3))
    seconds = []
    for run in range(runs + 1):
        start = time.perf_counter()
        F.scaled_dot_product_attention(q, k, v, is_causal=True)
        if run > 0:  # the first warms up
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[8192])
    parser.add_argument("--head-sizes", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--dtypes", nargs="+", choices=["bfloat16", "float32"], default=["bfloat16", "float32"])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if min([options.heads, options.threads, options.runs, *options.tokens, *options.head_sizes]) < 1:
        sys.exit("tokens, heads, head sizes, threads and runs must be at least 1")

    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    for tokens in options.tokens:
        for head_size in options.head_sizes:
            for name in options.dtypes:
                seconds = time_attention(tokens, options.heads, head_size, getattr(torch, name), options.runs)
                flops = 2 * tokens**2 * head_size * options.heads
                result = {
                    "peer": f"torch {torch.__version__}",
                    "dtype": name,
                    "tokens": tokens,
                    "heads": options.heads,
                    "headSize": head_size,
                    "threads": options.threads,
                    "seconds": round(seconds, 4),
                    "gflops": round(flops / seconds / 1e9, 1),
                }
                print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
