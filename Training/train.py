"""Fine-tunes (or trains) the bundled model on one GPU, or on several under torchrun, on conversations of mixed lengths.

Every micro-batch has the same number of tokens and one length, drawn by the step's number; an optimizer step sums several.
The learning rate follows the seconds spent of the budget, all runs together. A run can be resumed.
"""
import argparse
import math
import os
import random
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
import torch.distributed as distributed
import torch.nn.functional as F
from tokenizers import Tokenizer

from data import TASKS, Generator, make_banks
from model import SparseRows, load_model, save_model

FOLDER = Path(__file__).parent.parent / "Models" / "needle-11m"

# Steps of each length. Longer ones cost more time, so nearly half of the time goes to the longest.
LENGTHS = {1024: 0.03, 4096: 0.12, 8192: 0.11, 16384: 0.13, 32768: 0.15, 65536: 0.19, 131072: 0.27}

# How many micro-batches have a sparse prefill: documents' rows see SINKS first keys and a window, the rows of questions and
# answers see all. The others are dense, so that the model answers alike in both ways.
SPARSE_SHARE, SINKS, WINDOW = 0.5, 64, 512


class Batches(torch.utils.data.IterableDataset):
    """Every `stride`th micro-batch from number `first` on, each a function of the seed, its number and the stride."""

    def __init__(self, options, banks, first, stride):
        self.options, self.banks, self.first, self.stride = options, banks, first, stride

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        worker, workers = (info.id, info.num_workers) if info else (0, 1)
        torch.set_num_threads(1)
        generator = Generator(Tokenizer.from_file(str(FOLDER / "tokenizer.json")), self.banks)
        number = self.first + worker * self.stride
        while True:
            # The same length for all processes of a step: none waits for another.
            draw = random.Random(self.options.seed * 10_000_019 + number // self.stride)
            length = draw.choices(list(LENGTHS), list(LENGTHS.values()))[0]
            is_sparse = draw.random() < SPARSE_SHARE
            generator.reseed(self.options.seed * 10_000_019 + number)
            length = min(length, self.options.tokens)
            samples = [generator.training_sample(length) for _ in range(self.options.tokens // length)]
            tokens, weights, tasks, documents = (torch.from_numpy(np.stack(part)) for part in zip(*samples))
            tails = tuple((length - documents).tolist())
            yield tokens, weights, tasks, SparseRows(SINKS, WINDOW, tails) if is_sparse else None
            number += workers * self.stride


class Progress:
    """Of the last steps: answer tokens right in percent by task and by length in K, milliseconds of a micro-batch by length."""

    def __init__(self):
        self.right, self.count = defaultdict(float), defaultdict(float)
        self.times = defaultdict(list)

    def add(self, names, right):
        for name, value in zip(names, right):
            self.right[name] += value
            self.count[name] += 1

    def line(self):
        text = " ".join(f"{name}:{100 * self.right[name] / self.count[name]:.0f}" for name in sorted(self.count, key=str))
        text += " | ms " + " ".join(f"{name}:{1000 * sum(t) / len(t):.0f}" for name, t in sorted(self.times.items()))
        self.__init__()
        return text


def learning_rate(options, step, spent):
    """Warm-up by steps, then a cosine down to a fiftieth over the budget."""
    fall = 0.5 * (1 + math.cos(math.pi * min(1, spent / options.budget)))
    return options.rate * (0.02 + 0.98 * fall) * min(1, (step + 1) / options.warm_up)


def make_optimizers(model):
    """Muon for the matrices, with AdamW's step size, and AdamW for embeddings and norms. The rate is set at each step."""
    return [
        torch.optim.Muon(model.matrices(), lr=1, momentum=0.95, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(model.others(), lr=1, betas=(0.9, 0.95), weight_decay=0)]


def loss_of(model, tokens, weights, sparse):
    """The mean loss over the weighted positions, which alone get logits; and which of the answers' tokens are right."""
    inputs, targets, weights = tokens[:, :-1], tokens[:, 1:].flatten(), weights[:, 1:].flatten()
    chosen = weights.nonzero()[:, 0]
    logits = model.logits(model.hidden(inputs, sparse=sparse)[chosen])
    targets, weights = targets[chosen], weights[chosen]
    losses = F.cross_entropy(logits, targets, reduction="none")
    answers = weights >= 1
    right = (logits.argmax(-1) == targets)[answers]
    return (losses * weights).sum() / weights.sum(), right, chosen[answers] // inputs.shape[1]


def rows_right(right, rows, count):
    """The share of right answer tokens of each conversation, NaN where nothing is asked."""
    total = torch.zeros(count, device=rows.device).index_add_(0, rows, torch.ones_like(rows, dtype=torch.float))
    good = torch.zeros(count, device=rows.device).index_add_(0, rows, right.float())
    return (good / total).tolist()


def save_state(path, model, optimizers, **progress):
    torch.save({"model": model.state_dict(), "optimizers": [o.state_dict() for o in optimizers], **progress}, path)


def averaged(values):
    """The mean over all processes, in place."""
    distributed.all_reduce(values)
    return values.div_(distributed.get_world_size())


def train(options):
    Path(options.out).mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    device = options.device
    rank, ranks = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if ranks > 1:
        torch.cuda.set_device(rank)
        distributed.init_process_group("nccl")
    model = load_model(FOLDER, options.weights or [FOLDER / "model.safetensors"]).to(device)
    optimizers = make_optimizers(model)
    number, step, spent = options.first, 0, options.spent
    if options.resume and Path(options.resume).exists():
        state = torch.load(options.resume, map_location=device)
        model.load_state_dict(state["model"])
        for optimizer, saved in zip(optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        number, step, spent = state["number"], state["step"], state["spent"]
    if device == "cuda":
        model.compile()
    started = time.time()
    banks = make_banks(Tokenizer.from_file(str(FOLDER / "tokenizer.json")), options.bank, options.seed)
    print(f"banks {time.time() - started:.0f} s, from step {step}, {spent:.0f} s spent", flush=True)
    batches = iter(torch.utils.data.DataLoader(
        Batches(options, banks, number + rank, ranks), batch_size=None, num_workers=options.workers,
        prefetch_factor=4 if options.workers else None, pin_memory=device == "cuda"))
    progress, before, first_step = Progress(), spent, step
    waited, losses, began = 0.0, [], None
    while True:
        begin = time.time()
        if step == first_step + 1:
            began = begin  # the first step compiles: it does not count
        spent = before + (begin - began if began else 0)
        if ranks > 1:
            # All of them stop at the same step.
            spent = averaged(torch.tensor(spent, dtype=torch.float64, device=device)).item()
        if spent - before >= options.seconds or spent >= options.budget:
            break
        rate = learning_rate(options, step, spent)
        for _ in range(options.micro):
            asked = time.time()
            tokens, weights, tasks, sparse = next(batches)
            fetched = time.time()
            waited += fetched - asked
            tokens, weights = tokens.to(device, non_blocking=True).long(), weights.to(device, non_blocking=True)
            loss, right, rows = loss_of(model, tokens, weights, sparse)
            (loss / options.micro).backward()
            losses.append(loss.detach())
            number += ranks
            shares = rows_right(right, rows, len(tasks))
            progress.times[len(tokens[0]) // 1024].append(time.time() - fetched)
            counted = [(list(TASKS)[t], share) for t, share in zip(tasks.tolist(), shares) if share == share]
            way = "sparse" if sparse else "dense"
            names = [name for name, _ in counted] + [len(tokens[0]) // 1024 for _ in counted] + [way for _ in counted]
            progress.add(names, [share for _, share in counted] * 3)
        if ranks > 1:
            for parameter in model.parameters():
                averaged(parameter.grad)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        if step % options.report == 0 and rank == 0:
            print(
                f"step {step} {spent:.0f} s rate {rate:.1e} loss {torch.stack(losses).mean():.3f} waited {waited:.1f} s "
                f"| {progress.line()}", flush=True)
            losses, waited = [], 0.0
    if ranks > 1:
        distributed.destroy_process_group()
    if rank:
        return
    if options.state:
        save_state(options.state, model, optimizers, number=number, step=step, spent=spent)
    save_model(model, Path(options.out) / "model.safetensors", options.parts)
    used = f"{torch.cuda.max_memory_allocated() / 2**30:.0f} GiB" if device == "cuda" else "host memory"
    print(f"{step} steps, {number} micro-batches of {options.tokens} tokens, {spent:.0f} s, {used}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the weights")
    parser.add_argument("--weights", nargs="*", help="checkpoint to start from, in parts; default: the bundled one")
    parser.add_argument("--resume", help="state to go on from, if the file exists")
    parser.add_argument("--state", help="where to write the state at the end")
    parser.add_argument("--budget", type=float, default=1080, help="seconds of all runs: the learning rate ends there")
    parser.add_argument("--seconds", type=float, default=540, help="seconds of this run")
    parser.add_argument("--spent", type=float, default=0, help="seconds spent before, without a state")
    parser.add_argument("--first", type=int, default=0, help="the first micro-batch's number, without a state")
    parser.add_argument("--rate", type=float, default=1.2e-3, help="highest learning rate")
    parser.add_argument("--warm-up", type=int, default=80, help="steps")
    parser.add_argument("--tokens", type=int, default=131072, help="tokens of a micro-batch")
    parser.add_argument("--micro", type=int, default=2, help="micro-batches of a step")
    parser.add_argument("--bank", type=int, default=200_000, help="haystack sentences")
    parser.add_argument("--workers", type=int, default=14)
    parser.add_argument("--report", type=int, default=50, help="steps between reports")
    parser.add_argument("--parts", type=int, default=1, help="files to split the weights into")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--device", default="cuda")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
