"""The model: Llama's architecture as `Models/needle-11m/config.json` has it, on flat tokens, and its checkpoint file.

All tokens of a batch stand in one row, [batch * length, width]. Only attention sees sequences. A training step has the same
number of tokens whatever the length, so the two compiled pieces around attention are compiled once.
"""
import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right

COMPUTE = torch.bfloat16


def linear(x, weight):
    return F.linear(x, weight.to(COMPUTE))


def norm(x, weight, epsilon):
    return F.rms_norm(x, (x.shape[-1],), weight.to(COMPUTE), epsilon)


def rotate(x, cos, sin):
    """Llama's RoPE: the first half of a head is paired with the second."""
    a, b = x.chunk(2, -1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), -1)


def before_attention(x, scale, wq, wk, wv, cos, sin, epsilon: float, size: int):
    h = norm(x, scale, epsilon)
    q, k, v = (linear(h, w).unflatten(-1, (-1, size)) for w in (wq, wk, wv))
    return rotate(q, cos, sin), rotate(k, cos, sin), v


def after_attention(x, attended, wo, scale, gate, up, down, epsilon: float):
    x = x + linear(attended, wo)
    h = norm(x, scale, epsilon)
    return x + linear(F.silu(linear(h, gate)) * linear(h, up), down)


@dataclass(frozen=True)
class SparseRows:
    """What rows attend in a sparse prefill: the first `sinks` keys and the last `window`; each sequence's last rows attend all."""

    sinks: int
    window: int
    tails: tuple

    def fits(self, length):
        return length % self.window == 0 and 2 * self.window < length

    def attend(self, q, k, v):
        """[batch, heads, tokens, size]. The tails' local attention is computed, too, and dropped."""
        local = local_attention(q, k, v, self.window, self.sinks)
        length, out = q.shape[2], []
        for i, tail in enumerate(self.tails):
            last = F.scaled_dot_product_attention(
                q[i : i + 1, :, length - tail :], k[i : i + 1], v[i : i + 1], attn_mask=causal_lower_right(tail, length))
            out.append(torch.cat((local[i : i + 1, :, : length - tail], last), 2))
        return torch.cat(out)


def local_attention(q, k, v, window, sinks):
    """Causal attention to the first `sinks` keys and the last `window`, [batch, heads, tokens, size].

    A window's rows and the keys that they may see, two windows and the sinks, are one small attention.
    """
    rows, keys = torch.meshgrid(*(torch.arange(2 * window, device=q.device),) * 2, indexing="ij")
    near = (keys <= rows) & (rows - keys < window)
    first = F.scaled_dot_product_attention(
        *(x[:, :, : 2 * window] for x in (q, k, v)), attn_mask=near | ((keys < sinks) & (keys <= rows)))
    seen = torch.cat((torch.ones(window, sinks, dtype=torch.bool, device=q.device), near[window:]), 1)

    def keys_of_windows(x):
        parts = x.unflatten(2, (-1, window))[:, :, 1:]
        shared = x[:, :, None, :sinks].expand(-1, -1, parts.shape[2] - 1, -1, -1)
        return torch.cat((shared, parts[:, :, :-1], parts[:, :, 1:]), 3)

    windows = q.unflatten(2, (-1, window))[:, :, 2:], keys_of_windows(k), keys_of_windows(v)
    rest = F.scaled_dot_product_attention(*(x.transpose(1, 2).flatten(0, 1) for x in windows), attn_mask=seen)
    rest = rest.unflatten(0, (q.shape[0], -1)).transpose(1, 2).flatten(2, 3)
    return torch.cat((first, rest), 2)


class LanguageModel(nn.Module):
    """Parameters in fp32 under their names in the checkpoint (with "/" for "."); arithmetic in bf16."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        width, size, inner = config["hidden_size"], config["head_dim"], config["intermediate_size"]
        heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
        shapes = {"model.embed_tokens.weight": (config["vocab_size"], width), "model.norm.weight": (width,)}
        for layer in range(config["num_hidden_layers"]):
            shapes |= {f"model.layers.{layer}.{name}.weight": shape for name, shape in {
                "input_layernorm": (width,), "post_attention_layernorm": (width,),
                "self_attn.q_proj": (heads * size, width), "self_attn.k_proj": (groups * size, width),
                "self_attn.v_proj": (groups * size, width), "self_attn.o_proj": (width, heads * size),
                "mlp.gate_proj": (inner, width), "mlp.up_proj": (inner, width), "mlp.down_proj": (width, inner)}.items()}
        self.tensors = nn.ParameterDict({
            name.replace(".", "/"): nn.Parameter(self.initial(name, shape)) for name, shape in shapes.items()})
        self.before, self.after = before_attention, after_attention

    def initial(self, name, shape):
        if len(shape) == 1:
            return torch.ones(shape)
        # The two projections that write into the residual stream start smaller, so that its size does not grow with depth.
        writes = name.endswith(("o_proj.weight", "down_proj.weight"))
        return torch.randn(shape) * 0.02 / (math.sqrt(2 * self.config["num_hidden_layers"]) if writes else 1)

    def compile(self):
        self.before = torch.compile(before_attention, dynamic=False)
        self.after = torch.compile(after_attention, dynamic=False)

    def weight(self, name):
        return self.tensors[name.replace(".", "/") + "/weight"]

    def matrices(self):
        return [p for name, p in self.tensors.items() if p.dim() == 2 and "embed" not in name]

    def others(self):
        return [p for name, p in self.tensors.items() if p.dim() == 1 or "embed" in name]

    def rotation(self, positions):
        size = self.config["head_dim"]
        inverse = self.config["rope_theta"] ** (-torch.arange(0, size, 2, device=positions.device).float() / size)
        angles = torch.outer(positions.float(), inverse)[:, None]
        return angles.cos().to(COMPUTE), angles.sin().to(COMPUTE)

    def attention(self, q, k, v, batch, causal, sparse=None):
        """[tokens, heads, size] to [tokens, heads * size]."""
        groups = q.shape[1] // k.shape[1]
        q, k, v = (x.view(batch, -1, *x.shape[1:]).transpose(1, 2) for x in (q, k, v))
        k, v = k.repeat_interleave(groups, 1), v.repeat_interleave(groups, 1)
        backends = [SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]
        if sparse and sparse.fits(q.shape[2]):
            out = sparse.attend(q, k, v)
        else:
            with sdpa_kernel(backends, set_priority=True):
                out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return out.transpose(1, 2).flatten(0, 1).flatten(1)

    def hidden(self, tokens, cache=None, sparse=None):
        """tokens [batch, length] to final states [batch * length, width]. cache: keys and values so far, grown in place.

        sparse: a prefill's SparseRows, the same in all layers; dense without.
        """
        batch, length = tokens.shape
        start = cache[0][0].shape[0] if cache else 0
        cos, sin = self.rotation(torch.arange(start, start + length, device=tokens.device).repeat(batch))
        epsilon, size = self.config["rms_norm_eps"], self.config["head_dim"]
        x = self.weight("model.embed_tokens").to(COMPUTE)[tokens.reshape(-1)]
        for layer in range(self.config["num_hidden_layers"]):
            w = lambda name: self.weight(f"model.layers.{layer}.{name}")
            q, k, v = self.before(
                x, w("input_layernorm"), w("self_attn.q_proj"), w("self_attn.k_proj"), w("self_attn.v_proj"), cos, sin,
                epsilon, size)
            if cache is not None:
                if start:
                    k, v = (torch.cat(pair) for pair in zip(cache[layer], (k, v)))
                    cache[layer] = (k, v)
                else:
                    cache.append((k, v))
            attended = self.attention(q, k, v, batch, causal=start == 0, sparse=sparse)
            x = self.after(
                x, attended, w("self_attn.o_proj"), w("post_attention_layernorm"), w("mlp.gate_proj"), w("mlp.up_proj"),
                w("mlp.down_proj"), epsilon)
        return norm(x, self.weight("model.norm"), epsilon)

    def logits(self, states):
        return linear(states, self.weight("model.embed_tokens")).float()

    @torch.no_grad()
    def generate(self, prompt, limit, end):
        """Greedy continuation of one prompt's tokens."""
        device = self.weight("model.norm").device
        cache, written = [], []
        step = torch.as_tensor(prompt, device=device, dtype=torch.long)[None]
        while len(written) < limit and end not in written[-1:]:
            written.append(self.logits(self.hidden(step, cache)[-1:]).argmax().item())
            step = torch.tensor([[written[-1]]], device=device)
        return written


def load_model(config_folder, weights):
    """weights: a checkpoint file, or several that hold parts of it."""
    model = LanguageModel(json.loads((Path(config_folder) / "config.json").read_text()))
    loaded = {}
    for path in weights:
        loaded |= load_file(path)
    model.tensors.load_state_dict({name.replace(".", "/"): tensor.float() for name, tensor in loaded.items()})
    return model


def save_model(model, path, parts=1):
    """Writes bf16; more than one part: `name-0.safetensors` and so on, for transports with a size limit."""
    tensors = {name.replace("/", "."): p.detach().to(torch.bfloat16).cpu() for name, p in model.tensors.items()}
    names = sorted(tensors)
    path = Path(path)
    for part in range(parts):
        chosen = names[part * len(names) // parts : (part + 1) * len(names) // parts]
        target = path if parts == 1 else path.with_stem(f"{path.stem}-{part}")
        save_file({name: tensors[name] for name in chosen}, target, metadata={"format": "pt"})
