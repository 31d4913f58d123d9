"""Writes a Llama checkpoint (config.json, model.safetensors, tokenizer.json) as a GGUF file for llama.cpp."""

import json
import pathlib

import gguf
import numpy as np
import torch
from safetensors.torch import load_file

NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def tensor_name(name):
    """GGUF's name of a tensor of a Hugging Face Llama checkpoint."""
    fixed = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight",
    }
    if name in fixed:
        return fixed[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def interleave(weight, heads):
    """llama.cpp rotates neighbouring pairs of a head's rows, Hugging Face rows half a head apart."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def convert(source, target, float32=False):
    """Writes the checkpoint in folder `source` to the file `target`, matrices in bf16 or fp32."""
    source = pathlib.Path(source)
    config = json.loads((source / "config.json").read_text())
    if config["model_type"] != "llama":
        raise SystemExit(f"{source}: model type {config['model_type']}, only llama is converted")
    heads = config["num_attention_heads"]
    kv_heads = config["num_key_value_heads"]
    head_size = config.get("head_dim") or config["hidden_size"] // heads

    writer = gguf.GGUFWriter(str(target), "llama")
    writer.add_name(source.name)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(head_size)
    writer.add_value_length(head_size)
    writer.add_rope_dimension_count(head_size)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    # Token ids go in and come out, so llama.cpp needs no vocabulary.
    writer.add_tokenizer_model("none")

    for name, tensor in load_file(source / "model.safetensors").items():
        data = tensor.float().numpy()
        if ".q_proj." in name:
            data = interleave(data, heads)
        elif ".k_proj." in name:
            data = interleave(data, kv_heads)
        if data.ndim == 1 or float32:
            writer.add_tensor(tensor_name(name), data)
        else:
            words = torch.from_numpy(np.ascontiguousarray(data)).bfloat16().view(torch.uint16).numpy()
            writer.add_tensor(
                tensor_name(name), words.view(np.uint8), raw_shape=(data.shape[0], 2 * data.shape[1]),
                raw_dtype=gguf.GGMLQuantizationType.BF16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
