"""Writes quantized/: small matrices in the formats of quantized checkpoints, packed as the formats' own libraries pack
them, with the numbers that they stand for; and GGUF files by the package gguf.

    python make_quantized.py        needs numpy, gguf
"""

import json
import pathlib
import struct

import gguf
import make_dual_chunk as qwen
import numpy as np

ROOT = pathlib.Path(__file__).parent
OUT = ROOT / "quantized"
OUTPUTS, INPUTS, GROUP = 24, 64, 32
NAME = "model.layers.0.mlp.up_proj"
rng = np.random.default_rng(7)

TYPES = {"float32": "F32", "float16": "F16", "int32": "I32", "int64": "I64", "int8": "I8", "uint8": "F8_E4M3"}


def write_safetensors(path, tensors):
    """uint8 arrays are written as e4m3 bytes."""
    header, data = {}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": TYPES[str(array.dtype)],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def case(name, config, tensors, weight):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(
        json.dumps({"model_type": "llama", "quantization_config": config}, indent=1) + "\n"
    )
    write_safetensors(folder / "model.safetensors", {f"{NAME}.{key}": value for key, value in tensors.items()})
    write_safetensors(folder / "expected.safetensors", {"weight": weight.astype(np.float32)})


def pack_along_first(values, bits):
    """AutoGPTQ: consecutive rows into the words of one row, from the low bits on."""
    per = 32 // bits
    padded = np.zeros((-(-values.shape[0] // per) * per, values.shape[1]), np.uint32)
    padded[: values.shape[0]] = values
    words = np.zeros((padded.shape[0] // per, values.shape[1]), np.uint32)
    for i in range(per):
        words |= padded[i::per] << np.uint32(bits * i)
    return words.view(np.int32)


def pack_along_last(values, bits, order=None):
    per = 32 // bits
    order = order or range(per)
    padded = np.zeros((values.shape[0], -(-values.shape[1] // per) * per), np.uint32)
    padded[:, : values.shape[1]] = values
    words = np.zeros((values.shape[0], padded.shape[1] // per), np.uint32)
    for i, column in enumerate(order):
        words |= padded[:, column::per] << np.uint32(bits * i)
    return words.view(np.int32)


def scales(*shape):
    return rng.uniform(0.001, 0.02, shape).astype(np.float16)


def gptq(name, bits, act_order=False, version="gptq", group=GROUP):
    groups = INPUTS // group if group > 0 else 1
    q = rng.integers(0, 2**bits, (INPUTS, OUTPUTS))
    zeros = rng.integers(0, 2**bits, (groups, OUTPUTS))
    s = scales(groups, OUTPUTS)
    index = np.arange(INPUTS) // (group if group > 0 else INPUTS)
    if act_order:
        index = rng.permutation(index)
    stored = (zeros - 1) % 2**bits if version == "gptq" else zeros
    tensors = {
        "qweight": pack_along_first(q.astype(np.uint32), bits),
        "qzeros": pack_along_last(stored.astype(np.uint32), bits),
        "scales": s,
        "g_idx": index.astype(np.int32),
    }
    weight = s.astype(np.float32)[index] * (q - zeros[index])
    case(
        name,
        {"quant_method": "gptq", "bits": bits, "group_size": group, "desc_act": act_order, "checkpoint_format": version},
        tensors,
        weight.T,
    )


def awq():
    groups = INPUTS // GROUP
    q = rng.integers(0, 16, (INPUTS, OUTPUTS))
    zeros = rng.integers(0, 16, (groups, OUTPUTS))
    s = scales(groups, OUTPUTS)
    order = [0, 2, 4, 6, 1, 3, 5, 7]
    index = np.arange(INPUTS) // GROUP
    case(
        "awq",
        {"quant_method": "awq", "bits": 4, "group_size": GROUP, "zero_point": True, "version": "gemm"},
        {
            "qweight": pack_along_last(q.astype(np.uint32), 4, order),
            "qzeros": pack_along_last(zeros.astype(np.uint32), 4, order),
            "scales": s,
        },
        (s.astype(np.float32)[index] * (q - zeros[index])).T,
    )


def e4m3(byte):
    sign, exponent, fraction = byte >> 7, byte >> 3 & 15, byte & 7
    value = fraction / 8 * 2.0**-6 if exponent == 0 else (1 + fraction / 8) * 2.0 ** (exponent - 7)
    return -value if sign else value


E4M3 = np.array([e4m3(byte) for byte in range(256)], np.float32)


def float8_bytes():
    bytes_ = rng.integers(0, 256, (OUTPUTS, INPUTS)).astype(np.uint8)
    bytes_[(bytes_ & 0x7F) == 0x7F] = 0x7E
    return bytes_


def compressed(bits, kind, strategy, form, group=None, symmetric=True):
    weights = {"num_bits": bits, "type": kind, "strategy": strategy, "symmetric": symmetric, "group_size": group}
    return {
        "quant_method": "compressed-tensors",
        "format": form,
        "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights, "input_activations": None}},
        "ignore": ["lm_head"],
    }


def float8():
    b = float8_bytes()
    block = [16, 24]
    s = rng.uniform(1e-4, 1e-2, (-(-OUTPUTS // 16), -(-INPUTS // 24))).astype(np.float32)
    full = np.repeat(np.repeat(s, 16, 0), 24, 1)[:OUTPUTS, :INPUTS]
    case(
        "fp8-block",
        {"quant_method": "fp8", "fmt": "e4m3", "activation_scheme": "dynamic", "weight_block_size": block},
        {"weight": b, "weight_scale_inv": s},
        E4M3[b] * full,
    )
    b, s = float8_bytes(), rng.uniform(1e-4, 1e-2, (OUTPUTS, 1)).astype(np.float32)
    case(
        "fp8-channel",
        compressed(8, "float", "channel", "float-quantized"),
        {"weight": b, "weight_scale": s},
        E4M3[b] * s,
    )
    b, s = float8_bytes(), np.array([0.0123], np.float32)
    case("fp8-tensor", compressed(8, "float", "tensor", "float-quantized"), {"weight": b, "weight_scale": s}, E4M3[b] * s)


def integers():
    q = rng.integers(-128, 128, (OUTPUTS, INPUTS)).astype(np.int8)
    s = scales(OUTPUTS, 1)
    case("int8-channel", compressed(8, "int", "channel", "int-quantized"), {"weight": q, "weight_scale": s}, q * s.astype(np.float32))
    for name, symmetric in [("int4-packed", True), ("int4-packed-zeros", False)]:
        groups = INPUTS // GROUP
        q = rng.integers(-8, 8, (OUTPUTS, INPUTS))
        zeros = rng.integers(-8, 8, (OUTPUTS, groups)) if not symmetric else np.zeros((OUTPUTS, groups), np.int64)
        s = scales(OUTPUTS, groups)
        index = np.arange(INPUTS) // GROUP
        tensors = {
            "weight_packed": pack_along_last((q + 8).astype(np.uint32), 4),
            "weight_scale": s,
            "weight_shape": np.array([OUTPUTS, INPUTS], np.int64),
        }
        if not symmetric:
            tensors["weight_zero_point"] = pack_along_first((zeros + 8).astype(np.uint32), 4)
        case(
            name,
            compressed(4, "int", "group", "pack-quantized", GROUP, symmetric),
            tensors,
            s.astype(np.float32)[:, index] * (q - zeros[:, index]),
        )


def gguf_types():
    """Two rows of 256 numbers in every type; K types are random bytes, as gguf has no writer of them."""
    path = OUT / "types.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("test.text", "grüße")
    writer.add_array("test.numbers", [1, -2, 3])
    expected = {}
    kinds = gguf.GGMLQuantizationType
    numbers = rng.normal(0, 0.05, (2, 256)).astype(np.float32)
    for kind in [kinds.F32, kinds.F16, kinds.BF16, kinds.Q4_0, kinds.Q4_1, kinds.Q5_0, kinds.Q5_1, kinds.Q8_0]:
        data = gguf.quants.quantize(numbers, kind)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = gguf.quants.dequantize(data, kind).astype(np.float32)
    for kind, halves in [(kinds.Q4_K, [0, 2]), (kinds.Q5_K, [0, 2]), (kinds.Q6_K, [208])]:
        size = gguf.GGML_QUANT_SIZES[kind][1]
        data = rng.integers(0, 256, (2, size)).astype(np.uint8)
        for place in halves:
            data[:, place : place + 2] = rng.uniform(0.001, 0.01, (2, 1)).astype(np.float16).view(np.uint8)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = gguf.quants.dequantize(data, kind).astype(np.float32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write_safetensors(OUT / "types.safetensors", {k: v.reshape(2, 256) for k, v in expected.items()})


def read_safetensors(path):
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    return {
        name: np.frombuffer(raw, np.float32, offset=8 + size + e["data_offsets"][0], count=int(np.prod(e["shape"]))).reshape(
            e["shape"]
        )
        for name, e in header.items()
        if name != "__metadata__"
    }


def add_tokenizer(writer, pattern, count):
    """A word per byte-level character, as many as there is room for, and one merge."""
    characters = sorted(
        chr(c) for c in [*range(33, 127), *range(161, 173), *range(174, 256), *range(256, 324)]
    )
    words = ["<unk>", "<s>", "</s>"] + characters[: count - 4] + ["!#"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pattern)
    writer.add_token_list(words)
    writer.add_token_types([2, 3, 3] + [1] * (len(words) - 3))
    writer.add_token_merges(["! #"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def gguf_qwen2():
    """A random Qwen2 in Q8_0 with biases in F32, and the logits of the rounded numbers after each of 40 tokens."""
    qwen.CHUNKS.update(chunk_size=1 << 20, local_size=0, original_max_position_embeddings=1 << 20)
    writer = gguf.GGUFWriter(OUT / "qwen2-q8_0.gguf", "qwen2")
    writer.add_block_count(qwen.LAYERS)
    writer.add_context_length(512)
    writer.add_embedding_length(qwen.HIDDEN)
    writer.add_feed_forward_length(qwen.INNER)
    writer.add_head_count(qwen.HEADS)
    writer.add_head_count_kv(qwen.KV_HEADS)
    writer.add_layer_norm_rms_eps(qwen.EPSILON)
    writer.add_rope_freq_base(qwen.THETA)
    add_tokenizer(writer, "qwen2", qwen.WORDS)
    writer.add_add_bos_token(False)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2, qwen.LAYERS)
    weights = qwen.random_weights(1)
    for name, array in weights.items():
        array = np.ascontiguousarray(array, np.float32)
        kind = gguf.GGMLQuantizationType.Q8_0 if array.ndim == 2 else gguf.GGMLQuantizationType.F32
        data = gguf.quants.quantize(array, kind)
        weights[name] = gguf.quants.dequantize(data, kind).astype(np.float64)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight", ".bias")), data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    tokens = np.random.default_rng(40).integers(4, qwen.WORDS, 40)
    write_safetensors(
        OUT / "qwen2-q8_0.safetensors",
        {"tokens": tokens.astype(np.float32), "logits": qwen.Model(weights)(tokens.tolist()).astype(np.float32)})


def gguf_model():
    """llama/gqa in Q8_0, with the rows of queries and keys in the order of the architecture `llama`."""
    source = ROOT / "llama" / "gqa"
    config = json.loads((source / "config.json").read_text())
    tensors = read_safetensors(source / "model.safetensors")
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    writer = gguf.GGUFWriter(OUT / "llama-q8_0.gguf", "llama")
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(config["head_dim"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])
    add_tokenizer(writer, "llama-bpe", config["vocab_size"])
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])

    def permuted(array, count):
        return array.reshape(count, 2, array.shape[0] // count // 2, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)

    for name, array in tensors.items():
        if name.endswith("q_proj.weight"):
            array = permuted(array, heads)
        if name.endswith("k_proj.weight"):
            array = permuted(array, kv_heads)
        kind = gguf.GGMLQuantizationType.Q8_0 if array.ndim == 2 else gguf.GGMLQuantizationType.F32
        target = names.get_name(name, try_suffixes=(".weight", ".bias"))
        writer.add_tensor(target, gguf.quants.quantize(np.ascontiguousarray(array), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    gptq("gptq", 4)
    gptq("gptq-act-order", 4, act_order=True)
    gptq("gptq-8-v2", 8, version="gptq_v2", group=-1)
    awq()
    float8()
    integers()
    gguf_types()
    gguf_model()
    gguf_qwen2()
