"""Times PyTorch's cuDNN and FlashAttention backends of causal attention on a GPU, with minference beside them.

Needs an NVIDIA GPU from Ampere on (cuDNN's backend: Hopper) and PyTorch 2.5 or newer built for CUDA; nothing else, unless
`--minference` names a built command: then `minference bench attention --device cuda:0` runs in the same job, on the same
shapes, and its figures stand beside theirs.

bf16, 32 query heads; PyTorch gets keys and values repeated from the 8 key heads, minference reads the 8. PyTorch's times
are medians of CUDA event timings, minference's are medians of whole calls, the host's part included. Inputs are random in
both. TFLOP/s of dense rows count causal pairs, 4 * headSize operations each; those of sparse rows count the 64x64 tiles
that the index needs. `vs cuDNN` is cuDNN's time over the row's: above 1 is faster than dense attention by cuDNN.

Prints one table, or with `--json` one object a line: {"peer", "index", "density", "tokens", "heads", "kvHeads", "headSize",
"seconds", "tflops", "speedup"}.
"""

import argparse
import json
import statistics
import subprocess
import sys

import torch
import torch.nn.functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

BACKENDS = {"cuDNN": SDPBackend.CUDNN_ATTENTION, "FlashAttention": SDPBackend.FLASH_ATTENTION}


def dense_tflops(tokens, heads, head_size, seconds):
    return 4 * head_size * heads * (tokens * (tokens + 1) / 2) / seconds / 1e12


def time_backend(backend, q, k, v, runs):
    """The median seconds of a call; None, and a line on standard error, where PyTorch refuses the backend."""
    seconds = []
    try:
        with sdpa_kernel(backend):
            for run in range(runs + 2):
                start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
                start.record()
                F.scaled_dot_product_attention(q, k, v, is_causal=True)
                end.record()
                end.synchronize()
                if run > 1:  # the first two warm up
                    seconds.append(start.elapsed_time(end) / 1000)
    except RuntimeError as error:
        print(f"{backend}: {str(error).splitlines()[0]}", file=sys.stderr)
        return None
    return statistics.median(seconds)


def peer_rows(options):
    rows = []
    for head_size in options.head_sizes:
        for tokens in options.tokens:
            generator = torch.Generator("cuda").manual_seed(1)

            def random(heads):
                shape = (1, heads, tokens, head_size)
                return torch.randn(shape, generator=generator, device="cuda", dtype=torch.bfloat16)

            q = random(options.heads)
            k, v = (random(options.kv_heads).repeat_interleave(options.heads // options.kv_heads, 1) for _ in range(2))
            for name, backend in BACKENDS.items():
                seconds = time_backend(backend, q, k, v, options.runs)
                if seconds is None:
                    continue
                tflops = dense_tflops(tokens, options.heads, head_size, seconds)
                rows.append(
                    row(f"torch {torch.__version__} {name}", "dense", 1.0, tokens, head_size, seconds, tflops, options)
                )
            del q, k, v
            torch.cuda.empty_cache()
    return rows


def minference_rows(options):
    def numbers(values):
        return ",".join(map(str, values))

    command = [options.minference, "bench", "attention", "--device", "cuda:0", "--json", "--index", options.index]
    command += ["--lengths", numbers(options.tokens), "--head-dims", numbers(options.head_sizes)]
    command += ["--heads", str(options.heads), "--kv-heads", str(options.kv_heads), "--repetitions", str(options.runs)]
    if options.densities:
        command += ["--densities", numbers(options.densities)]
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"{options.minference} cannot be measured: {error}")
    rows = []
    for found in json.loads(result.stdout)["rows"]:
        tokens, head_size, seconds = found["length"], found["headDim"], found["seconds"]
        if found["index"] == "dense":
            tflops = dense_tflops(tokens, options.heads, head_size, seconds)
        else:
            tflops = found["tileGflops"] / 1000
        rows.append(row("minference", found["index"], found["density"], tokens, head_size, seconds, tflops, options))
    return rows


def row(peer, index, density, tokens, head_size, seconds, tflops, options):
    return {
        "peer": peer,
        "index": index,
        "density": round(density, 5),
        "tokens": tokens,
        "heads": options.heads,
        "kvHeads": options.kv_heads,
        "headSize": head_size,
        "seconds": round(seconds, 7),
        "tflops": round(tflops, 1),
    }


def print_table(rows):
    lines = [["head", "tokens", "what", "index", "density", "ms", "ms a head", "TFLOP/s", "vs cuDNN"]]
    for r in rows:
        milliseconds = r["seconds"] * 1000
        lines.append(
            [
                str(r["headSize"]),
                str(r["tokens"]),
                r["peer"],
                r["index"],
                f"{r['density']:.2%}",
                f"{milliseconds:.3f}",
                f"{milliseconds / r['heads']:.3f}",
                f"{r['tflops']:.0f}",
                f"{r['speedup']:.2f}x" if r["speedup"] else "-",
            ]
        )
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = [
            cell.ljust(width) if column in (2, 3) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        ]
        print("  ".join(cells).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[8192, 32768, 131072])
    parser.add_argument("--head-sizes", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--heads", type=int, default=32)
    parser.add_argument("--kv-heads", type=int, default=8)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--minference", metavar="PATH", help="the minference command to measure as well")
    parser.add_argument(
        "--index", choices=["budgets", "blocks", "densities"], default="budgets", help="minference's sparse rows"
    )
    parser.add_argument("--densities", type=float, nargs="+", help="of blocks or densities")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if min([options.heads, options.kv_heads, options.runs, *options.tokens, *options.head_sizes]) < 1:
        sys.exit("tokens, head sizes, heads and runs must be at least 1")
    if options.heads % options.kv_heads != 0:
        sys.exit("--kv-heads must be a divisor of --heads")
    if not torch.cuda.is_available():
        sys.exit("PyTorch sees no GPU; check nvidia-smi and that this PyTorch is built for CUDA")

    torch.set_grad_enabled(False)
    rows = peer_rows(options)
    if options.minference:
        rows += minference_rows(options)
    cudnn = {(r["headSize"], r["tokens"]): r["seconds"] for r in rows if r["peer"].endswith("cuDNN")}
    for r in rows:
        base = cudnn.get((r["headSize"], r["tokens"]))
        r["speedup"] = round(base / r["seconds"], 3) if base else None
    # Stable: rows of a shape keep their order, PyTorch's first.
    rows.sort(key=lambda r: (r["headSize"], r["tokens"]))
    if options.json:
        for r in rows:
            print(json.dumps(r))
    else:
        print(torch.cuda.get_device_name())
        print_table(rows)


if __name__ == "__main__":
    main()
