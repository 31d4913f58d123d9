"""Times ggml's flash attention operator (llama.cpp's) on the CPU: causal, keys and values in fp16, bf16 or fp32.

Same JSON lines and the same count of work as cpu_attention.py. The operator is called in the libraries that the
llama-cpp-python package brings, through ctypes.
"""

import argparse
import ctypes
import json
import os
import pathlib
import statistics
import sys
import time

import llama_cpp
import numpy as np

TYPES = {"float32": 0, "float16": 1, "bfloat16": 30}
Pointer = ctypes.c_void_p


class InitParameters(ctypes.Structure):
    _fields_ = [("mem_size", ctypes.c_size_t), ("mem_buffer", Pointer), ("no_alloc", ctypes.c_bool)]


def library():
    """ggml's functions that are needed here, with their types."""
    folder = pathlib.Path(llama_cpp.__file__).parent / "lib"
    base = ctypes.CDLL(folder / "libggml-base.so", mode=ctypes.RTLD_GLOBAL)
    cpu = ctypes.CDLL(folder / "libggml-cpu.so", mode=ctypes.RTLD_GLOBAL)
    integer = ctypes.c_int64
    real = ctypes.c_float
    for owner, name, result, arguments in [
        (base, "ggml_init", Pointer, [InitParameters]),
        (base, "ggml_free", None, [Pointer]),
        (base, "ggml_new_tensor_3d", Pointer, [Pointer, ctypes.c_int, integer, integer, integer]),
        (base, "ggml_get_data", Pointer, [Pointer]),
        (base, "ggml_flash_attn_ext", Pointer, [Pointer] * 5 + [real] * 3),
        (base, "ggml_new_graph", Pointer, [Pointer]),
        (base, "ggml_build_forward_expand", None, [Pointer, Pointer]),
        (cpu, "ggml_graph_compute_with_ctx", ctypes.c_int, [Pointer, Pointer, ctypes.c_int]),
        (cpu, "ggml_cpu_init", None, []),
    ]:
        function = getattr(owner, name)
        function.restype, function.argtypes = result, arguments
        setattr(library, name, function)
    library.ggml_cpu_init()
    return library


def encode(values, name):
    """fp32 numbers as the bytes of a type."""
    if name == "float32":
        return values.astype(np.float32)
    if name == "float16":
        return values.astype(np.float16)
    words = np.ascontiguousarray(values, np.float32).view(np.uint32)
    return ((words + 0x7FFF + ((words >> 16) & 1)) >> 16).astype(np.uint16)


def run(ggml, tokens, heads, head_size, name, threads, runs):
    """Seconds of each run, and the result as (tokens, heads, head size)."""
    generator = np.random.default_rng(1)
    q, k, v = (generator.standard_normal((heads, tokens, head_size), np.float32) for _ in range(3))
    mask = np.triu(np.full((1, tokens, tokens), -np.inf, np.float16), 1)
    room = 4 * 4 * q.size + mask.nbytes + (512 << 20)
    context = ggml.ggml_init(InitParameters(room, None, False))
    if not context:
        sys.exit(f"ggml cannot allocate {room} bytes")

    def tensor(values, type_name):
        data = encode(values, type_name)
        count, rows, columns = values.shape
        result = ggml.ggml_new_tensor_3d(context, TYPES[type_name], columns, rows, count)
        ctypes.memmove(ggml.ggml_get_data(result), data.ctypes.data, data.nbytes)
        return result

    inputs = [tensor(q, "float32"), tensor(k, name), tensor(v, name), tensor(mask, "float16")]
    output = ggml.ggml_flash_attn_ext(context, *inputs, head_size**-0.5, 0.0, 0.0)
    graph = ggml.ggml_new_graph(context)
    ggml.ggml_build_forward_expand(graph, output)
    seconds = []
    for attempt in range(runs + 1):
        start = time.perf_counter()
        if ggml.ggml_graph_compute_with_ctx(context, graph, threads) != 0:
            sys.exit("ggml failed to compute")
        if attempt > 0:  # the first warms up
            seconds.append(time.perf_counter() - start)
    address = ctypes.cast(ggml.ggml_get_data(output), ctypes.POINTER(ctypes.c_float))
    result = np.ctypeslib.as_array(address, (tokens, heads, head_size)).copy()
    ggml.ggml_free(context)
    return seconds, result, (q, k, v)


def check(ggml, threads):
    """Exits with an error unless the operator computes causal attention."""
    _, result, (q, k, v) = run(ggml, 300, 2, 64, "float16", threads, 1)
    scores = q @ k.swapaxes(1, 2) / 8
    scores += np.triu(np.full((300, 300), -np.inf, np.float32), 1)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    expected = (weights / weights.sum(-1, keepdims=True) @ v).swapaxes(0, 1)
    error = np.linalg.norm(result - expected) / np.linalg.norm(expected)
    if not error < 1e-2:
        sys.exit(f"ggml's attention is off by {error:.1e}: its interface has changed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokens", type=int, nargs="+", default=[8192])
    parser.add_argument("--head-sizes", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--dtypes", nargs="+", choices=list(TYPES), default=["float16", "bfloat16", "float32"])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if min([options.heads, options.threads, options.runs, *options.tokens, *options.head_sizes]) < 1:
        sys.exit("tokens, heads, head sizes, threads and runs must be at least 1")

    ggml = library()
    check(ggml, options.threads)
    for tokens in options.tokens:
        for head_size in options.head_sizes:
            for name in options.dtypes:
                seconds, _, _ = run(ggml, tokens, options.heads, head_size, name, options.threads, options.runs)
                median = statistics.median(seconds)
                result = {
                    "peer": f"ggml (llama-cpp-python {llama_cpp.__version__})",
                    "dtype": name,
                    "tokens": tokens,
                    "heads": options.heads,
                    "headSize": head_size,
                    "threads": options.threads,
                    "seconds": round(median, 4),
                    "gflops": round(2 * tokens**2 * head_size * options.heads / median / 1e9, 1),
                }
                print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
