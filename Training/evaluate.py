"""Scores checkpoints: all tasks by length, free sentences by depth, and one well-known sentence written greedily.

A value is right when each of its tokens is the likeliest one after the right ones before it, which is when greedy
decoding writes it. The samples depend on the seed, not on the checkpoint.
"""
import argparse
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer

from data import END, TASKS, Generator, make_banks, sentence_prompt
from model import load_model
from train import FOLDER

SENTENCES = [
    ("The best thing to do in San Francisco is eat a sandwich and sit in Dolores Park on a sunny day.", 9),
    ("The best thing to do in San Francisco is eat a sandwich and sit in the park on a sunny day.", 9),
]


class Samples(torch.utils.data.Dataset):
    """jobs: (task, length, separator, depth, seed)."""

    def __init__(self, jobs, banks):
        self.jobs, self.banks, self.generator = jobs, banks, None

    def __len__(self):
        return len(self.jobs)

    def __getitem__(self, index):
        if self.generator is None:
            torch.set_num_threads(1)
            self.generator = Generator(Tokenizer.from_file(str(FOLDER / "tokenizer.json")), self.banks)
        task, length, separator, depth, seed = self.jobs[index]
        self.generator.reseed(seed)
        return self.jobs[index], self.generator.test_sample(task, length, separator, depth)


@torch.no_grad()
def score(model, sample, device):
    """(share of right values, whether prefix, values and end are all right)."""
    tokens, start, prefix, spans = sample
    tokens = torch.as_tensor(tokens, device=device)[None]
    first = start - prefix
    logits = model.logits(model.hidden(tokens)[first - 1 : -1])
    right = (logits.argmax(-1) == tokens[0, first:]).tolist()
    values = sum(all(right[a - first : b - first]) for a, b in spans) / len(spans)
    return values, float(all(right))


def run_jobs(models, jobs, banks, options):
    """For each model: {job without its seed: (mean value score, share of wholly right answers)}."""
    loader = torch.utils.data.DataLoader(
        Samples(jobs, banks), batch_size=None, num_workers=options.workers, shuffle=False)
    sums = [{} for _ in models]
    for job, sample in loader:
        for model, table in zip(models, sums):
            values, whole = score(model, sample, options.device)
            total = table.setdefault(tuple(job[:4]), [0.0, 0.0, 0])
            total[0] += values
            total[1] += whole
            total[2] += 1
    return [{key: (100 * v / n, 100 * w / n) for key, (v, w, n) in table.items()} for table in sums]


def seed_of(options, *parts):
    """A seed for each sample that does not depend on what else is evaluated."""
    seed = options.seed
    for part in parts:
        seed = seed * 1_000_003 + part
    return seed % 2**31


def task_tables(models, banks, options):
    tasks = list(TASKS)
    for separator in options.separators:
        jobs = [
            (task, length, separator, None, seed_of(options, length, tasks.index(task), i))
            for length in sorted(options.lengths, reverse=True) for task in tasks for i in range(options.samples)]
        for name, table in zip(options.names, run_jobs(models, jobs, banks, options)):
            print(f"\n{name}, separator {separator!r}: values right\n| length | {' | '.join(tasks)} | mean of the first ten |")
            for length in options.lengths:
                row = [table[task, length, separator, None][0] for task in tasks]
                print(f"| {length // 1024}K | {' | '.join(f'{x:.0f}' for x in row)} | {sum(row[:10]) / 10:.1f} |", flush=True)


def depth_tables(models, banks, options):
    depths = [i / 10 for i in range(11)]
    for separator in options.separators:
        jobs = [
            ("free", length, separator, depth, seed_of(options, length, 100 + round(10 * depth), i))
            for length in sorted(options.lengths, reverse=True) for depth in depths for i in range(options.depth_samples)]
        for name, table in zip(options.names, run_jobs(models, jobs, banks, options)):
            print(f"\n{name}, separator {separator!r}: free sentences by depth: rest right / whole without a prefix")
            print("| length | " + " | ".join(f"{100 * d:.0f}%" for d in depths) + " |")
            for length in options.lengths:
                cells = [table["free", length, separator, depth] for depth in depths]
                print(f"| {length // 1024}K | " + " | ".join(f"{v:.0f}/{w:.0f}" for v, w in cells) + " |", flush=True)


def sentence_tables(models, banks, options):
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    generator = Generator(tokenizer, banks)
    for name, model in zip(options.names, models):
        for text, given in SENTENCES:
            for separator in options.separators:
                print(f"\n{name}, {separator!r}: {text}")
                for length in options.lengths:
                    whole, wrong = [], {}
                    for depth in options.sentence_depths:
                        generator.reseed(seed_of(options, length, round(100 * depth)))
                        prompt, needle = sentence_prompt(generator, text, given, length, separator, depth / 100)
                        written = model.generate(prompt, len(needle) + 8, END)
                        whole.append(written == needle + [END])
                        if not whole[-1]:
                            wrong[depth] = tokenizer.decode(written, skip_special_tokens=False)
                    print(f"{length // 1024}K: {sum(whole)} of {len(whole)} whole", *list(wrong.items())[:2], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", help="name=file or name=file,file (parts)")
    parser.add_argument("--lengths", type=int, nargs="+", default=[4096, 8192, 16384, 32768, 65536, 131072])
    parser.add_argument("--samples", type=int, default=8, help="of a task and length")
    parser.add_argument("--depth-samples", type=int, default=6, help="of a depth and length")
    parser.add_argument("--sentence-depths", type=int, nargs="+", default=[0, 10, 30, 50, 70, 90, 100])
    parser.add_argument("--separators", nargs="+", default=["apart", "merged"])
    parser.add_argument("--only", choices=["tasks", "depths", "sentences"], nargs="+", default=["tasks", "depths", "sentences"])
    parser.add_argument("--bank", type=int, default=160_000, help="haystack sentences")
    parser.add_argument("--workers", type=int, default=14)
    parser.add_argument("--seed", type=int, default=99991)
    parser.add_argument("--device", default="cuda")
    options = parser.parse_args()
    options.names = [checkpoint.partition("=")[0] for checkpoint in options.checkpoints]
    models = [
        load_model(FOLDER, checkpoint.partition("=")[2].split(",")).to(options.device).eval()
        for checkpoint in options.checkpoints]
    banks = make_banks(Tokenizer.from_file(str(FOLDER / "tokenizer.json")), options.bank, options.seed)
    tables = {"tasks": task_tables, "depths": depth_tables, "sentences": sentence_tables}
    for part in options.only:
        began = time.time()
        tables[part](models, banks, options)
        print(f"({part}: {time.time() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
