"""Writes Tests/Fixtures/rope.json: inverse frequencies of transformers, and cosines and sines with 50 digits.

Needs `torch`, `transformers` and `mpmath`. Run it from anywhere. The format is described in Tests/Fixtures/README.md.
"""

import copy
import json
from pathlib import Path

import mpmath
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.utils import logging

OUTPUT = Path(__file__).resolve().parent / "rope.json"

LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8192)


def model(**changes):
    base = dict(
        model_type="llama", hidden_size=1024, num_hidden_layers=1, num_attention_heads=8, num_key_value_heads=8,
        intermediate_size=64, vocab_size=32, max_position_embeddings=4096)
    return {**base, **changes}


def older(theta, scaling, **changes):
    return model(rope_theta=theta, rope_scaling=scaling, **changes)


def newer(theta, parameters, **changes):
    return model(rope_parameters={"rope_theta": theta, **parameters}, **changes)


# (configuration, sequence length or None)
CASES = [
    (model(), None),
    (model(rope_theta=500000), None),
    (newer(1000000.0, {"rope_type": "default"}, head_dim=64), None),
    (older(10000.0, {"type": "linear", "factor": 2.5}), None),
    (newer(10000.0, {"rope_type": "linear", "factor": 8.0}, head_dim=96), None),
    (older(10000.0, {"type": "dynamic", "factor": 2.0}), 1000),
    (older(10000.0, {"type": "dynamic", "factor": 2.0}), 4096),
    (older(10000.0, {"type": "dynamic", "factor": 2.0}), 4097),
    (newer(10000.0, {"rope_type": "dynamic", "factor": 4.0}, head_dim=64), 100000),
    (older(500000.0, {"rope_type": "llama3", **LLAMA3}, max_position_embeddings=131072), None),
    (newer(500000.0, {"rope_type": "llama3", **LLAMA3, "factor": 32.0}, head_dim=64, max_position_embeddings=131072), None),
    (newer(10000.0, {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 2.0, "high_freq_factor": 3.0},
           max_position_embeddings=2048), None),
    (older(10000.0, {"type": "yarn", "factor": 16.0, "original_max_position_embeddings": 4096},
           max_position_embeddings=65536), None),
    (newer(1000000.0, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768},
           max_position_embeddings=131072), None),
    (newer(10000.0, {"rope_type": "yarn", "factor": 40.0, "original_max_position_embeddings": 4096, "mscale": 1.0,
                     "mscale_all_dim": 0.8, "beta_fast": 64, "beta_slow": 2}, head_dim=64), None),
    (newer(10000.0, {"rope_type": "yarn", "factor": 40.0, "original_max_position_embeddings": 4096, "mscale": 0.707,
                     "mscale_all_dim": 0}, head_dim=64), None),
    (newer(150000.0, {"rope_type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096,
                      "beta_fast": 32.0, "beta_slow": 1.0, "truncate": False}, head_dim=64), None),
    (newer(10000.0, {"rope_type": "yarn", "factor": 8.0, "attention_factor": 0.75,
                     "original_max_position_embeddings": 1024}), None),
    (newer(10000.0, {"rope_type": "yarn", "factor": None, "original_max_position_embeddings": 1024}), None),
    (newer(10000.0, {"rope_type": "yarn", "factor": 0.5, "original_max_position_embeddings": 4096}), None),
    (newer(100.0, {"rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 3}, head_dim=8), None),
    (model(rope_theta=10000.0, original_max_position_embeddings=2048,
           rope_scaling={"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096}), None),
]

# (base, dimension, position)
ANGLES = [(theta, dimension, position)
          for theta, dimension in ((10000, 64), (500000, 128), (1000000, 64))
          for position in (0, 1, 511, 512, 131071, 1000000, 10000001)]


def frequencies(configuration, length):
    config = LlamaConfig(**copy.deepcopy(configuration))
    kind = config.rope_parameters["rope_type"]
    function = LlamaRotaryEmbedding.compute_default_rope_parameters if kind == "default" else ROPE_INIT_FUNCTIONS[kind]
    values, factor = function(config, device=None, seq_len=length)
    return [float(value) for value in values], float(factor)


def angle(theta, dimension, position):
    cosines, sines = [], []
    for pair in range(dimension // 2):
        value = position / mpmath.power(theta, mpmath.mpf(2 * pair) / dimension)
        cosines.append(round(float(mpmath.cos(value)), 12))
        sines.append(round(float(mpmath.sin(value)), 12))
    return dict(theta=theta, dimension=dimension, position=position, cosines=cosines, sines=sines)


def main():
    logging.set_verbosity_error()
    mpmath.mp.dps = 50
    cases = []
    for configuration, length in CASES:
        values, factor = frequencies(configuration, length)
        cases.append(dict(
            config=configuration, sequenceLength=length or configuration["max_position_embeddings"],
            attentionFactor=factor, inverseFrequencies=[float(f"{value:.8g}") for value in values]))
    angles = [angle(*parameters) for parameters in ANGLES]
    rows = lambda items: ",\n".join(json.dumps(item) for item in items)
    OUTPUT.write_text(f'{{"cases": [\n{rows(cases)}\n], "angles": [\n{rows(angles)}\n]}}\n')


if __name__ == "__main__":
    main()
