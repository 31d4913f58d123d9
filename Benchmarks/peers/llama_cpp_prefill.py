"""Times llama.cpp's prefill of a Llama checkpoint on the CPU, with and without flash attention.

Converts the checkpoint to a GGUF file in a temporary folder, feeds it token ids, and prints one JSON object a line.
`attentionGflops` is derived: the same ids are also run as tokens / window sequences of `window` tokens each, whose matrix
products are the same but whose attention is that much smaller; the difference of the two times is attention over the rest.

With --check it answers a needle-in-a-haystack prompt with llama.cpp and with transformers, and fails when they differ.
"""

import argparse
import contextlib
import ctypes
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import time

import gguf_model
import llama_cpp
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLASH = {"on": 1, "off": 0}


class Model:
    """A GGUF file in llama.cpp, on the CPU."""

    def __init__(self, path):
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self.pointer = llama_cpp.llama_load_model_from_file(str(path).encode(), parameters)
        if not self.pointer:
            sys.exit(f"llama.cpp cannot load {path}")
        self.vocabulary = llama_cpp.llama_n_vocab(llama_cpp.llama_model_get_vocab(self.pointer))

    @contextlib.contextmanager
    def context(self, tokens, threads, flash, cache, batch):
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = (tokens + 255) // 256 * 256
        parameters.n_batch = parameters.n_ubatch = min(batch, parameters.n_ctx)
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.flash_attn_type = FLASH[flash]
        parameters.type_k = parameters.type_v = {"f16": 1, "bf16": 30, "f32": 0}[cache]
        pointer = llama_cpp.llama_init_from_model(self.pointer, parameters)
        if not pointer:
            sys.exit(f"llama.cpp cannot make a context of {tokens} tokens")
        try:
            yield pointer
        finally:
            llama_cpp.llama_free(pointer)


def feed(context, ids, start, batch, last):
    """Runs `ids` at positions from `start` on; logits are kept for the last one when `last`."""
    holder = llama_cpp.llama_batch_init(batch, 0, 1)
    try:
        for begin in range(0, len(ids), batch):
            part = ids[begin : begin + batch]
            holder.n_tokens = len(part)
            for place, token in enumerate(part):
                holder.token[place] = token
                holder.pos[place] = start + begin + place
                holder.n_seq_id[place] = 1
                holder.seq_id[place][0] = 0
                holder.logits[place] = last and begin + place == len(ids) - 1
            status = llama_cpp.llama_decode(context, holder)
            if status != 0:
                sys.exit(f"llama_decode failed with status {status}")
        llama_cpp.llama_synchronize(context)
    finally:
        llama_cpp.llama_batch_free(holder)


def forget(context):
    llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(context), True)


def time_prefill(model, ids, options, flash, window):
    """Median seconds of a prefill of `ids` in sequences of `window` tokens."""
    seconds = []
    with model.context(window, options.threads, flash, options.cache, options.batch) as context:
        feed(context, ids[: min(window, options.batch)], 0, options.batch, last=True)  # warms up
        for _ in range(options.runs):
            start = time.perf_counter()
            for begin in range(0, len(ids), window):
                forget(context)
                feed(context, ids[begin : begin + window], 0, options.batch, last=True)
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def measure(model, config, options):
    heads = config["num_attention_heads"]
    head_size = config.get("head_dim") or config["hidden_size"] // heads
    layers = config["num_hidden_layers"]
    for tokens in options.tokens:
        generator = random.Random(1)
        ids = [generator.randrange(4, config["vocab_size"]) for _ in range(tokens)]
        for flash in options.flash_attention:
            whole = time_prefill(model, ids, options, flash, tokens)
            window = min(options.window, tokens)
            parts = time_prefill(model, ids, options, flash, window)
            pairs = tokens**2 - tokens * window
            flops = 2 * pairs * head_size * heads * layers
            result = {
                "peer": f"llama.cpp (llama-cpp-python {llama_cpp.__version__})",
                "tokens": tokens,
                "threads": options.threads,
                "flashAttention": flash == "on",
                "weights": options.weights,
                "cache": options.cache,
                "seconds": round(whole, 3),
                "tokensPerSecond": round(tokens / whole, 1),
                "secondsInWindows": round(parts, 3),
            }
            if whole > parts and pairs > 0:
                result["attentionGflops"] = round(flops / (whole - parts) / 1e9, 1)
            print(json.dumps(result), flush=True)


def needle_prompt(tokenizer, tokens):
    line = " The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again."
    needle = " One of the special magic numbers for amber-lantern is: 7310482."
    subject = "special magic number for amber-lantern mentioned in the provided text"
    count = (tokens - 120) // len(tokenizer.encode(line, add_special_tokens=False))
    lines = [line] * count
    lines.insert(count // 3, needle)
    return (
        "<|begin|><|user|>A special magic number is hidden within the following text. Make sure to memorize it. I will "
        f"quiz you about the number afterwards.\n{''.join(lines)} \nWhat is the {subject}?<|assistant|> The {subject} is"
    )


def check(model, folder, options):
    """Exits with an error unless llama.cpp and transformers continue the needle prompt alike."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer.encode(needle_prompt(tokenizer, 4096), add_special_tokens=False)
    steps = 10
    torch.set_num_threads(options.threads)
    reference = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    expected = reference.generate(torch.tensor([ids]), max_new_tokens=steps, do_sample=False)[0, len(ids) :].tolist()

    answer = []
    with model.context(len(ids) + steps, options.threads, "on", options.cache, options.batch) as context:
        feed(context, ids, 0, options.batch, last=True)
        while len(answer) < steps:
            logits = llama_cpp.llama_get_logits_ith(context, -1)
            array = np.ctypeslib.as_array(ctypes.cast(logits, ctypes.POINTER(ctypes.c_float)), (model.vocabulary,))
            answer.append(int(array.argmax()))
            if answer[-1] == reference.generation_config.eos_token_id:
                break
            feed(context, answer[-1:], len(ids) + len(answer) - 1, options.batch, last=True)
    result = {
        "promptTokens": len(ids),
        "llamaCpp": tokenizer.decode(answer),
        "transformers": tokenizer.decode(expected),
        "same": answer == expected,
    }
    print(json.dumps(result), flush=True)
    if not result["same"]:
        sys.exit("the answers differ: the conversion is wrong")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=ROOT / "Models" / "needle-11m", help="folder of a Llama checkpoint")
    parser.add_argument("--tokens", type=int, nargs="+", default=[4096, 8192])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=512, help="tokens computed at a time")
    parser.add_argument("--window", type=int, default=512, help="length of the short sequences")
    parser.add_argument("--cache", choices=["f16", "bf16", "f32"], default="f16", help="what keys and values are held in")
    parser.add_argument("--weights", choices=["bf16", "f32"], default="bf16")
    parser.add_argument("--flash-attention", nargs="+", choices=list(FLASH), default=["on"])
    parser.add_argument("--check", action="store_true", help="compare answers with transformers, measure nothing")
    options = parser.parse_args()
    if min([options.threads, options.runs, options.batch, options.window, *options.tokens]) < 1:
        sys.exit("tokens, threads, runs, batch and window must be at least 1")

    # Without this llama.cpp writes hundreds of lines to standard error.
    silence = llama_cpp.llama_log_callback(lambda level, text, data: None)
    llama_cpp.llama_log_set(silence, ctypes.c_void_p(0))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.gguf"
        gguf_model.convert(options.model, path, float32=options.weights == "f32")
        model = Model(path)
        if options.check:
            check(model, options.model, options)
        else:
            config = json.loads((pathlib.Path(options.model) / "config.json").read_text())
            measure(model, config, options)


if __name__ == "__main__":
    main()
