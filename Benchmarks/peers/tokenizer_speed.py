"""Times SentencePiece's kinds of tokenizers in minference and in the `tokenizers` library, one thread each.

No published tokenizer is in the repository, so two of 32,000 pieces are trained here, as BPE in Llama 2's form and as
Unigram in T5's:

    python tokenizer_speed.py --text usr.txt --train other/*.txt

Prints one JSON object a line and tokenizer: megabytes of text a second of processor time, the best of five.
"""

import argparse
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Fixtures"))

import sentencepiece
import sentencepiece.sentencepiece_model_pb2 as protobuf
from make_tokenizer_families import llama2, t5
from tokenizers import Tokenizer

COMMON = dict(
    vocab_size=32000, hard_vocab_limit=False, character_coverage=0.9995, minloglevel=2, num_threads=2,
    max_sentence_length=100000)


def train(lines, **options):
    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=stream, **COMMON, **options)
    model = protobuf.ModelProto()
    model.ParseFromString(stream.getvalue())
    return model


def library_speed(state, text):
    tokenizer = Tokenizer.from_str(json.dumps(state))
    best, count = float("inf"), 0
    for _ in range(5):
        start = time.process_time()
        count = len(tokenizer.encode(text, add_special_tokens=False).ids)
        best = min(best, time.process_time() - start)
    return best, count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minference", default=ROOT / ".build" / "release" / "minference")
    parser.add_argument("--text", required=True, type=pathlib.Path, help="what is encoded")
    parser.add_argument("--train", required=True, nargs="+", type=pathlib.Path, help="what the tokenizers are trained on")
    options = parser.parse_args()
    lines = [
        line for path in options.train for line in path.read_text(errors="replace").split("\n") if line.strip()]
    text = options.text.read_text()
    states = {
        "SentencePiece BPE": llama2(
            train(
                lines, model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
                remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True)),
        "Unigram": t5(train(lines, model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)),
    }
    for name, state in states.items():
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "tokenizer.json").write_text(json.dumps(state))
            command = [options.minference, "bench", "tokenizer", "--model", folder, "--text", f"@{options.text}", "--json"]
            ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        seconds, count = library_speed(state, text)
        size = len(text.encode()) / 1e6
        print(json.dumps({
            "tokenizer": name, "pieces": len(state["model"]["vocab"]), "bytes": ours["bytes"], "tokens": ours["tokens"],
            "sameCount": ours["tokens"] == count, "loadSeconds": round(ours["loadSeconds"], 3),
            "encode": round(size / ours["encodeSeconds"], 1), "decode": round(size / ours["decodeSeconds"], 1),
            "libraryEncode": round(size / seconds, 1),
        }), flush=True)


if __name__ == "__main__":
    main()
