"""Writes Tests/Fixtures/families/qwen2-dual-chunk: a tiny random Qwen2 with dual-chunk attention (Qwen2.5-1M, arXiv
2501.15383; ChunkLlama, arXiv 2402.17463), and the logits and tokens that it must give.

Needs only `numpy`. transformers has no dual-chunk attention, so the forward pass is written out here, one pair of query
and key positions at a time, in float64:

    python Tests/Fixtures/make_dual_chunk.py

With chunks of `length = chunk_size - local_size` tokens, a key at position k is rotated by k % length. A query of the
same chunk is rotated by its own place in it; for the keys of the chunk before by that place plus `length`, but not more
than `chunk_size`; for all earlier keys by what the last place of a chunk would have there. Beyond the original length
queries and keys are multiplied by 0.1 ln(length of the sequence / original length) + 1: all of a prompt by that of the
prompt, a generated token by that of the sequence that ends with it.
"""

import json
import math
import pathlib
import shutil
import struct

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "families" / "qwen2-dual-chunk"
HIDDEN, INNER, LAYERS, HEADS, KV_HEADS, SIZE, WORDS = 64, 96, 2, 4, 2, 16, 128
CHUNKS = {"chunk_size": 32, "local_size": 8, "original_max_position_embeddings": 64}
THETA, EPSILON, PROMPT, GENERATED = 10000.0, 1e-5, 150, 64
# As in make_llama.py.
SMALLEST_GAP, SMALLEST_VARIETY, LARGEST_BFLOAT16_ERROR = 4e-3, 12, 0.016

CONFIG = {
    "architectures": ["Qwen2ForCausalLM"],
    "model_type": "qwen2",
    "vocab_size": WORDS,
    "hidden_size": HIDDEN,
    "intermediate_size": INNER,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KV_HEADS,
    "max_position_embeddings": 512,
    "rms_norm_eps": EPSILON,
    "rope_theta": THETA,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "use_sliding_window": False,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "torch_dtype": "bfloat16",
    "dual_chunk_attention_config": CHUNKS,
}


def bfloat16(values):
    """The nearest bfloat16 numbers, ties to even."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32).astype(np.uint64)
    rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16 << 16
    return rounded.astype(np.uint32).view(np.float32).astype(np.float64)


def random_weights(seed):
    rng = np.random.default_rng(seed)
    shapes = {"model.embed_tokens.weight": (WORDS, HIDDEN), "model.norm.weight": (HIDDEN,), "lm_head.weight": (WORDS, HIDDEN)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for name, outputs in [("q", HEADS), ("k", KV_HEADS), ("v", KV_HEADS)]:
            shapes[f"{prefix}self_attn.{name}_proj.weight"] = (outputs * SIZE, HIDDEN)
            shapes[f"{prefix}self_attn.{name}_proj.bias"] = (outputs * SIZE,)
        shapes[f"{prefix}self_attn.o_proj.weight"] = (HIDDEN, HEADS * SIZE)
        shapes[f"{prefix}mlp.gate_proj.weight"] = (INNER, HIDDEN)
        shapes[f"{prefix}mlp.up_proj.weight"] = (INNER, HIDDEN)
        shapes[f"{prefix}mlp.down_proj.weight"] = (HIDDEN, INNER)
        shapes[f"{prefix}input_layernorm.weight"] = (HIDDEN,)
        shapes[f"{prefix}post_attention_layernorm.weight"] = (HIDDEN,)
    weights = {}
    for name, shape in sorted(shapes.items()):
        values = rng.standard_normal(shape)
        if "norm" in name:
            values = 1 + 0.25 * values
        elif "q_proj" in name or "k_proj" in name:
            values = 0.14 * values
        else:
            values = 0.2 * values
        weights[name] = bfloat16(values)
    return weights


def rotated(vector, position):
    half = SIZE // 2
    angles = position * THETA ** (-np.arange(half) / half)
    a, b = vector[:half], vector[half:]
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)])


def query_position(query, key):
    """Where a query is for a key, whose own position is key % length."""
    length = CHUNKS["chunk_size"] - CHUNKS["local_size"]
    place, chunks_back = query % length, query // length - key // length
    if chunks_back == 0:
        return place
    return min((place if chunks_back == 1 else length - 1) + length, CHUNKS["chunk_size"])


def temperature(length):
    return max(1.0, 0.1 * math.log(length / CHUNKS["original_max_position_embeddings"]) + 1)


class Model:
    """A sequence that grows; `rounded` rounds what kernels of bfloat16 keep in bfloat16."""

    def __init__(self, weights, rounded=False):
        self.weights = weights
        self.round = bfloat16 if rounded else lambda values: values
        self.keys = [[] for _ in range(LAYERS)]
        self.values = [[] for _ in range(LAYERS)]
        self.count = 0

    def linear(self, x, name):
        y = self.round(x) @ self.weights[name + ".weight"].T
        return y + self.weights.get(name + ".bias", 0)

    def norm(self, x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * self.weights[name + ".weight"]

    def attention(self, x, prefix, layer, start):
        rows = len(x)
        queries, keys, values = (
            self.linear(x, f"{prefix}self_attn.{name}_proj").reshape(rows, -1, SIZE) for name in "qkv")
        factor = temperature(start + rows)
        length = CHUNKS["chunk_size"] - CHUNKS["local_size"]
        for row in range(rows):
            place = (start + row) % length
            self.keys[layer].append([self.round(factor * rotated(key, place)) for key in keys[row]])
            self.values[layer].append(self.round(values[row]))
        output = np.zeros((rows, HEADS, SIZE))
        for row in range(rows):
            seen = range(start + row + 1)
            for head in range(HEADS):
                group = head // (HEADS // KV_HEADS)
                turned = {
                    place: self.round(factor * rotated(queries[row, head], place))
                    for place in {query_position(start + row, key) for key in seen}
                }
                scores = np.array([
                    turned[query_position(start + row, key)] @ self.keys[layer][key][group] for key in seen])
                scores = np.exp((scores - scores.max()) / math.sqrt(SIZE)) if len(scores) else scores
                weights = scores / scores.sum()
                output[row, head] = sum(
                    weight * self.values[layer][key][group] for key, weight in zip(seen, weights))
        return self.linear(output.reshape(rows, -1), f"{prefix}self_attn.o_proj")

    def __call__(self, tokens):
        start, self.count = self.count, self.count + len(tokens)
        hidden = self.weights["model.embed_tokens.weight"][tokens]
        for layer in range(LAYERS):
            prefix = f"model.layers.{layer}."
            hidden = hidden + self.attention(self.norm(hidden, prefix + "input_layernorm"), prefix, layer, start)
            x = self.norm(hidden, prefix + "post_attention_layernorm")
            gate = self.linear(x, prefix + "mlp.gate_proj")
            x = gate / (1 + np.exp(-gate)) * self.linear(x, prefix + "mlp.up_proj")
            hidden = hidden + self.linear(x, prefix + "mlp.down_proj")
        return self.linear(self.norm(hidden, "model.norm"), "lm_head")


def greedy(model, logits):
    tokens, gap = [], math.inf
    for _ in range(GENERATED):
        best = np.sort(logits)[-2:]
        gap = min(gap, float(best[1] - best[0]))
        tokens.append(int(logits.argmax()))
        logits = model([tokens[-1]])[-1]
    return tokens, gap


def write_safetensors(path, tensors):
    """Float32 arrays as F32, float64 arrays, whose numbers are bfloat16's, as BF16."""
    header, data = {}, b""
    for name, array in tensors.items():
        if array.dtype == np.float32:
            kind, raw = "F32", array.tobytes()
        else:
            kind, raw = "BF16", (array.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16).tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def main():
    positions = [0, 1, PROMPT // 2, PROMPT - 2, PROMPT - 1]
    for seed in range(1, 400):
        weights = random_weights(seed)
        prompt = np.random.default_rng(1000 + seed).integers(4, WORDS, PROMPT).tolist()
        model = Model(weights)
        logits = model(prompt)
        tokens, gap = greedy(model, logits[-1])
        if gap < SMALLEST_GAP or len(set(tokens)) < SMALLEST_VARIETY:
            continue
        half = Model(weights, rounded=True)(prompt)
        error = float(np.linalg.norm((half - logits)[positions]) / np.linalg.norm(logits[positions]))
        if error <= LARGEST_BFLOAT16_ERROR:
            break
    else:
        raise SystemExit("no seed gives clear greedy tokens")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    (OUTPUT / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    write_safetensors(OUTPUT / "model.safetensors", weights)
    write_safetensors(OUTPUT / "expected.safetensors", {"logits": logits[positions].astype(np.float32)})
    expected = {
        "prompt": prompt, "positions": positions, "greedy": tokens, "smallestGap": round(gap, 5),
        "bfloat16Error": round(error, 5),
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in expected.items())
    (OUTPUT / "expected.json").write_text("{\n" + lines + "\n}\n")
    print(f"seed {seed}, gap {gap:.5f}, bf16 {error:.5f}")


if __name__ == "__main__":
    main()
