"""Writes Tests/Fixtures/llama: tiny random Llama checkpoints with the logits and tokens that they must give.

Needs `torch`, `transformers` and `safetensors`; nothing is downloaded. Run it from anywhere:

    python Tests/Fixtures/make_llama.py [name ...]

The format is described in Tests/Fixtures/README.md. The reference is transformers in float32 with eager attention,
reading the very files that are written here.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "llama"
BUNDLED = HERE.parent.parent / "Models" / "needle-11m"
GENERATED_TOKENS = 64
# Equality of greedy tokens means something only when no step is close to a tie.
SMALLEST_GAP = 4e-3
SMALLEST_VARIETY = 12
# Some random networks amplify rounding; a bfloat16 run of a fair one stays this close to float32.
LARGEST_BFLOAT16_ERROR = 0.016

BASE = dict(
    vocab_size=128,
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=512,
    rms_norm_eps=1e-5,
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    tie_word_embeddings=False,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=None,
)

YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 64}

# name: (changes to BASE, stored type, prompt length, other options)
VARIANTS = {
    "mha": (dict(num_key_value_heads=4), torch.bfloat16, 48, {}),
    "gqa": ({}, torch.float32, 64, {}),
    "mqa": (dict(num_key_value_heads=1), torch.bfloat16, 48, {}),
    "attention-bias": (dict(attention_bias=True), torch.bfloat16, 48, {}),
    "mlp-bias": (dict(mlp_bias=True), torch.bfloat16, 48, {}),
    "tied": (dict(tie_word_embeddings=True, eos_token_id=[2, 3]), torch.bfloat16, 48, {}),
    "head-dim": (dict(head_dim=32, num_attention_heads=3, num_key_value_heads=1, hidden_size=60), torch.bfloat16, 48, {}),
    "rope-linear": (
        dict(rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}),
        torch.bfloat16,
        160,
        dict(old_form=True, old_type_key="type"),
    ),
    "rope-dynamic": (
        dict(
            rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0},
            max_position_embeddings=64,
        ),
        torch.bfloat16,
        160,
        {},
    ),
    # The prompt ends before the trained length and the generated tokens go beyond it.
    "rope-dynamic-growing": (
        dict(
            rope_parameters={"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 4.0},
            max_position_embeddings=64,
        ),
        torch.bfloat16,
        48,
        dict(old_form=True, old_type_key="type"),
    ),
    "rope-llama3": (
        dict(
            rope_parameters={
                "rope_type": "llama3",
                "rope_theta": 500000.0,
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 64,
            },
            max_position_embeddings=512,
        ),
        torch.bfloat16,
        200,
        dict(old_form=True),
    ),
    "rope-yarn": (
        dict(rope_parameters=dict(YARN), max_position_embeddings=256), torch.bfloat16, 180, {},
    ),
    "rope-yarn-mscale": (
        dict(
            rope_parameters=dict(
                YARN, mscale=1.0, mscale_all_dim=0.707, beta_fast=16.0, beta_slow=2.0, truncate=False),
            max_position_embeddings=256,
        ),
        torch.bfloat16,
        180,
        {},
    ),
    "old-config": ({}, torch.bfloat16, 48, dict(old_form=True)),
    "sharded": ({}, torch.bfloat16, 48, dict(shard_size="90KB", generation=True)),
    "float16": ({}, torch.float16, 48, {}),
}


def randomise(model, seed):
    """Weights that make every part matter: nothing is zero, one, or small enough to hide a mistake."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            values = torch.randn(parameter.shape, generator=generator)
            if "norm" in name:
                parameter.copy_(1 + 0.25 * values)
            elif "q_proj" in name or "k_proj" in name:
                parameter.copy_(0.14 * values)
            else:
                parameter.copy_(0.2 * values)


def to_old_form(directory, type_key):
    """Rewrites config.json as checkpoints before transformers 5 have it: rope_theta, rope_scaling, torch_dtype."""
    path = directory / "config.json"
    config = json.loads(path.read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    kind = rope.pop("rope_type")
    config["rope_scaling"] = None if kind == "default" else {type_key: kind, **rope}
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


def greedy(model, prompt, suppressed=()):
    """Tokens of the largest logit, one at a time with the cache; also the smallest lead over the second largest."""
    tokens, gap, past = [], float("inf"), None
    inputs = torch.tensor([prompt])
    with torch.no_grad():
        for _ in range(GENERATED_TOKENS):
            result = model(inputs, past_key_values=past, use_cache=True)
            past = result.past_key_values
            logits = result.logits[0, -1].clone()
            for token in suppressed:
                logits[token] = float("-inf")
            first, second = logits.topk(2).values.tolist()
            gap = min(gap, first - second)
            tokens.append(int(logits.argmax()))
            inputs = torch.tensor([[tokens[-1]]])
    return tokens, gap


def load(directory, dtype):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=dtype, attn_implementation="eager").eval()


def relative_error(value, reference):
    return float((value.double() - reference.double()).norm() / reference.double().norm())


def measure(directory, prompt, positions):
    """The expectations of the checkpoint in `directory`, and its logits."""
    model = load(directory, torch.float32)
    with torch.no_grad():
        # A cache is used so that "dynamic" scaling starts from a fresh state as in generation.
        logits = model(torch.tensor([prompt]), use_cache=True).logits[0, positions]
    tokens, gap = greedy(load(directory, torch.float32), prompt)
    expected = dict(
        prompt=prompt,
        positions=positions,
        greedy=tokens,
        smallestGap=round(gap, 5),
    )
    with torch.no_grad():
        half = load(directory, torch.bfloat16)(torch.tensor([prompt])).logits[0, positions]
    expected["bfloat16Error"] = round(relative_error(half, logits), 5)
    return expected, logits


def write(directory, expected, logits):
    lines = ",\n".join(f'  {json.dumps(key)}: {json.dumps(value)}' for key, value in expected.items())
    (directory / "expected.json").write_text("{\n" + lines + "\n}\n")
    save_file({"logits": logits.contiguous().float()}, directory / "expected.safetensors")
    for file in directory.iterdir():
        file.chmod(0o644)


def make_variant(name):
    changes, dtype, length, options = VARIANTS[name]
    directory = OUTPUT / name
    for seed in range(1, 200):
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        model = LlamaForCausalLM(LlamaConfig(**{**BASE, **changes}))
        randomise(model, seed)
        model = model.to(dtype)
        model.generation_config.max_length = None
        model.save_pretrained(directory, max_shard_size=options.get("shard_size", "5GB"))
        if not options.get("generation"):
            (directory / "generation_config.json").unlink(missing_ok=True)
        if options.get("old_form"):
            to_old_form(directory, options.get("old_type_key", "rope_type"))
        generator = torch.Generator().manual_seed(1000 + seed)
        prompt = torch.randint(4, BASE["vocab_size"], (length,), generator=generator).tolist()
        expected, logits = measure(directory, prompt, [0, 1, length // 2, length - 2, length - 1])
        clear = expected["smallestGap"] >= SMALLEST_GAP and len(set(expected["greedy"])) >= SMALLEST_VARIETY
        if clear and expected["bfloat16Error"] <= LARGEST_BFLOAT16_ERROR:
            break
    else:
        raise SystemExit(f"no seed gives clear greedy tokens for {name}")
    write(directory, expected, logits)
    size = sum(file.stat().st_size for file in directory.iterdir())
    print(f"{name}: seed {seed}, gap {expected['smallestGap']}, bf16 {expected['bfloat16Error']}, {size >> 10} KiB")


NOISE = [
    "The grass is green.", "The sky is blue.", "The sun is yellow.", "Here we go.", "There and back again.",
]


def make_bundled():
    """The bundled checkpoint upcast to float32, on a long plain text with a fact in the middle."""
    directory = OUTPUT / "needle-11m"
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(BUNDLED)
    for seed in range(1, 60):
        generator = torch.Generator().manual_seed(seed)
        order = torch.randint(0, len(NOISE), (120,), generator=generator).tolist()
        sentences = [NOISE[index] for index in order]
        number = int(torch.randint(1000000, 9999999, (1,), generator=generator))
        sentences.insert(55, f"The special magic number for the harbor is: {number}.")
        prompt = tokenizer(" ".join(sentences)).input_ids[:600]
        length = len(prompt)
        expected, logits = measure(BUNDLED, prompt, [0, length // 2, length - 1])
        eos = load(BUNDLED, torch.float32).generation_config.eos_token_id
        suppressed, gap = greedy(load(BUNDLED, torch.float32), prompt, eos if isinstance(eos, list) else [eos])
        expected["greedyWithoutEOS"] = suppressed
        if min(gap, expected["smallestGap"]) >= SMALLEST_GAP and len(set(suppressed)) >= SMALLEST_VARIETY:
            break
    else:
        raise SystemExit("no seed gives clear greedy tokens for the bundled model")
    write(directory, expected, logits)
    print(f"needle-11m: seed {seed}, gap {expected['smallestGap']}, {gap}, bf16 {expected['bfloat16Error']}, {length} tokens")


if __name__ == "__main__":
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    names = sys.argv[1:] or [*VARIANTS, "needle-11m"]
    for name in names:
        make_bundled() if name == "needle-11m" else make_variant(name)
