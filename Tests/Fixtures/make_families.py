"""Writes Tests/Fixtures/families: tiny random checkpoints of every model family with all of its features on, and the
logits and tokens that they must give.

Needs `torch`, `transformers` and `safetensors`; nothing is downloaded. Run it from anywhere:

    python Tests/Fixtures/make_families.py [name ...]

Format and reference are those of make_llama.py, whose steps this script repeats for other classes.
"""

import json
import shutil
import sys

import make_llama as llama
import torch
import transformers
from transformers.utils import logging

OUTPUT = llama.HERE / "families"

BASE = dict(
    vocab_size=128,
    hidden_size=48,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=512,
    rms_norm_eps=1e-5,
    tie_word_embeddings=False,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=None,
)

PLAIN = {"rope_type": "default", "rope_theta": 10000.0}
# Six pairs: three quarters of a head of 16.
LONG = {
    "rope_type": "longrope",
    "rope_theta": 10000.0,
    "partial_rotary_factor": 0.75,
    "short_factor": [1.0, 1.05, 1.1, 1.3, 1.5, 1.7],
    "long_factor": [1.1, 1.6, 2.5, 3.5, 5.0, 6.0],
    "original_max_position_embeddings": 128,
}
PHI = dict(
    hidden_size=64, rope_parameters=LONG, original_max_position_embeddings=128, max_position_embeddings=1024,
)

# name: (classes, changes to BASE, prompt length, rewriting of config.json)
VARIANTS = {
    # A window in every layer, shorter than the prompt.
    "mistral": ("Mistral", dict(sliding_window=24, rope_parameters=PLAIN), 90, None),
    # YaRN beyond the original length; a window in the second layer.
    "qwen2": (
        "Qwen2",
        dict(
            use_sliding_window=True, sliding_window=40, max_window_layers=1, tie_word_embeddings=True,
            rope_parameters={
                "rope_type": "yarn", "rope_theta": 1e6, "factor": 4.0, "original_max_position_embeddings": 64},
        ),
        150,
        None,
    ),
    "qwen3": ("Qwen3", dict(attention_bias=True, head_dim=24, rope_parameters=dict(PLAIN, rope_theta=1e6)), 64, None),
    # Three layers of which the second has no experts.
    "qwen3-moe": (
        "Qwen3Moe",
        dict(
            num_hidden_layers=3, num_experts=6, num_experts_per_tok=2, moe_intermediate_size=24,
            norm_topk_prob=True, mlp_only_layers=[1], decoder_sparse_step=1, rope_parameters=PLAIN,
        ),
        64,
        None,
    ),
    "glm": (
        "Glm",
        dict(attention_bias=True, rope_parameters=dict(PLAIN, partial_rotary_factor=0.5), eos_token_id=[2, 3]),
        64,
        None,
    ),
    # Within the original length, and beyond it.
    "phi3-short": ("Phi3", PHI, 48, "longrope"),
    "phi3-long": ("Phi3", dict(PHI, sliding_window=170), 160, None),
    "gemma2": (
        "Gemma2",
        dict(
            sliding_window=20, query_pre_attn_scalar=24, attn_logit_softcapping=3.0, final_logit_softcapping=8.0,
            tie_word_embeddings=True, rope_parameters=PLAIN,
        ),
        64,
        None,
    ),
    # Two layers with a window to one without, which is stretched.
    "gemma3": (
        "Gemma3",
        dict(
            num_hidden_layers=3, sliding_window=20, sliding_window_pattern=3, query_pre_attn_scalar=24,
            tie_word_embeddings=True,
            rope_parameters={
                "full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0},
                "sliding_attention": PLAIN,
            },
        ),
        64,
        "gemma3",
    ),
}


def randomise(model, seed):
    """As make_llama's; Gemma stores norms as differences from 1."""
    llama.randomise(model, seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            if "norm" in name and "Gemma" in type(model).__name__:
                parameter.sub_(1)
            # Scaled and tied embeddings as large as make_llama's would only repeat the last token.
            if "embed_tokens" in name and "Gemma" in type(model).__name__:
                parameter.mul_(0.3)
            if "qkv_proj" in name:
                parameter.mul_(0.8)


def rewrite(directory, form):
    """Rewrites config.json as older checkpoints have it."""
    path = directory / "config.json"
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters")
    if form == "gemma3":
        config["rope_local_base_freq"] = rope["sliding_attention"]["rope_theta"]
        full = rope["full_attention"]
        config["rope_theta"] = full["rope_theta"]
        config["rope_scaling"] = {"rope_type": full["rope_type"], "factor": full["factor"]}
        config["sliding_window_pattern"] = VARIANTS["gemma3"][1]["sliding_window_pattern"]
        del config["layer_types"]
    else:
        config["rope_theta"] = rope.pop("rope_theta")
        config["partial_rotary_factor"] = rope.pop("partial_rotary_factor")
        config["original_max_position_embeddings"] = rope.pop("original_max_position_embeddings")
        rope.pop("rope_type")
        config["rope_scaling"] = {"type": form, **rope}
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


def greedy_across(directory, prompt):
    """Tokens of `generate`, which reads everything anew once LongRoPE's original length is exceeded."""
    model = llama.load(directory, torch.float32)
    model.generation_config.eos_token_id = None
    result = model.generate(torch.tensor([prompt]), max_new_tokens=100, do_sample=False)
    return result[0, len(prompt):].tolist()


def make_variant(name):
    classes, changes, length, form = VARIANTS[name]
    suffix = "Text" if classes == "Gemma3" else ""
    config_class = getattr(transformers, f"{classes}{suffix}Config")
    model_class = getattr(transformers, f"{classes}ForCausalLM")
    directory = OUTPUT / name
    for seed in range(1, 400):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        model = model_class(config_class(**{**BASE, **changes}))
        randomise(model, seed)
        model = model.to(torch.bfloat16)
        model.generation_config.max_length = None
        model.save_pretrained(directory)
        (directory / "generation_config.json").unlink(missing_ok=True)
        if form:
            rewrite(directory, form)
        generator = torch.Generator().manual_seed(1000 + seed)
        prompt = torch.randint(4, BASE["vocab_size"], (length,), generator=generator).tolist()
        expected, logits = llama.measure(directory, prompt, [0, 1, length // 2, length - 2, length - 1])
        clear = expected["smallestGap"] >= llama.SMALLEST_GAP
        varied = len(set(expected["greedy"])) >= llama.SMALLEST_VARIETY
        if clear and varied and expected["bfloat16Error"] <= llama.LARGEST_BFLOAT16_ERROR:
            break
    else:
        raise SystemExit(f"no seed gives clear greedy tokens for {name}")
    if name == "phi3-short":
        expected["greedyAcross"] = greedy_across(directory, prompt)
        assert expected["greedyAcross"][:len(expected["greedy"])] == expected["greedy"]
    llama.write(directory, expected, logits)
    size = sum(file.stat().st_size for file in directory.iterdir())
    print(f"{name}: seed {seed}, gap {expected['smallestGap']}, bf16 {expected['bfloat16Error']}, {size >> 10} KiB")


if __name__ == "__main__":
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    for name in sys.argv[1:] or VARIANTS:
        make_variant(name)
