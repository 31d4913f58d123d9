"""Makes the fixtures of tokenizers in the shapes of whole families: SentencePiece's BPE and unigram models as tokenizer.json
and as tokenizer.model, GLM-4's two forms, and patterns without a scanner.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3 tiktoken==0.14.0 protobuf
    python make_tokenizer_families.py

Output, under `tokenizers/`:

- `llama2/`, `t5/`: a tokenizer.json each, trained here on the text of `make_tokenizers.py`.
- `llama2-model/`, `t5-model/`: the same as SentencePiece's tokenizer.model.
- `glm4-model/`: tiktoken's tokenizer.model and a tokenizer_config.json.
- `families.json`: see `tokenizers/README.md`.
"""

import base64
import collections
import io
import json
import tempfile

import sentencepiece
import sentencepiece.sentencepiece_model_pb2 as protobuf
import tiktoken
from tokenizers import Tokenizer

from make_tokenizers import EDGE_CASES, FLAGGED, LLAMA3, O200K, OUTPUT, QWEN35, SEGMENTS, Corpus, hash_of, write

# Rules of a normalization table: characters and what they become, hexadecimal.
RULES = [
    "9\t20", "A\t20", "D\t20", "A0\t20", "3000\t20", "200B\t", "FEFF\t", "2026\t2E 2E 2E", "BD\t31 2044 32", "212B\tC5",
    "41 30A\tC5", "FB01\t66 69", "65 301\tE9", "61 308 323\t1EA1 308", "1100 1161\tAC00", "1F1E9 1F1EA\t44 45",
]
MARK = "\u2581"
TEXTS = EDGE_CASES + FLAGGED + [
    " leading", "  two", "trailing ", "a \u2581 b", "\u2581", "\u2581\u2581x", " \u2581 ", "<s>", "</s> x", "a<s> b</s>  c <unk>d",
    "<s>  <s>", "<|user|>\n\nhi<|end|>  \n<|assistant|>", "[gMASK]<sop><|user|>\n你好<|assistant|>", "<0x0A>", "\u0100\u0101\u4e91\u4e92",
    "é" * 40 + " x", "A\u030a \u0061\u0308\u0323 \u1100\u1161 \U0001f1e9\U0001f1ea \u2026\u2026", " \u00a0 \u3000 x \u200b y",
    "<start_of_turn>user\nHi<end_of_turn>\n\n\n\n<start_of_turn>", "\n\n\n\n\n\n", "a\tb\t\tc", "x" * 300 + " " + "yz " * 200,
    "ab" * 400 + "\u00e9" * 300, " " * 70 + "x" + " " * 33, "12345678901234567890 1 22 333", "don't DON'T I'LL", "ﬁ½㎏Ａ① ǆ",
]


def train(lines, **options):
    stream = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=stream, minloglevel=2, num_threads=1, max_sentence_length=100000,
        character_coverage=1.0, vocab_size=1400, **options)
    model = protobuf.ModelProto()
    model.ParseFromString(stream.getvalue())
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    return model


def train_models():
    lines = [line for seed in range(60) for line in Corpus(0x5EED + seed).segment().split("\n")]
    common = {c for c, _ in collections.Counter("".join(lines)).most_common(500)} - {"\0"}
    lines = ["".join(c for c in line if c in common) for line in lines]
    bpe = train(
        lines, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        split_digits=True, allow_whitespace_only_pieces=True, user_defined_symbols=[MARK * 16])
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as rules:
        rules.write("\n".join(RULES) + "\n")
        rules.flush()
        unigram = train(
            lines, model_type="unigram", normalization_rule_tsv=rules.name, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    return bpe, unigram


# tokenizer.json forms


def added(content, id, **flags):
    entry = dict(id=id, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
    entry.update(flags)
    return entry


def sequence(key, *steps):
    return {"type": "Sequence", key: list(steps)}


def replace(pattern, content):
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}


def metaspace(scheme, splits=True):
    return {"type": "Metaspace", "replacement": MARK, "prepend_scheme": scheme, "split": splits}


def template(before, after, ids):
    return {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": t, "type_id": 0}} for t in before]
        + [{"Sequence": {"id": "A", "type_id": 0}}]
        + [{"SpecialToken": {"id": t, "type_id": 0}} for t in after],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {t: {"id": t, "ids": [ids[t]], "tokens": [t]} for t in before + after},
    }


LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
STRIP = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
SPACES = sequence("decoders", replace(MARK, " "), {"type": "ByteFallback"}, {"type": "Fuse"})
SPACES_STRIPPED = sequence("decoders", replace(MARK, " "), {"type": "ByteFallback"}, {"type": "Fuse"}, STRIP)


def llama2(model):
    """As transformers converts it: merges of all pairs that make a piece, by its score."""
    vocab = {piece.piece: id for id, piece in enumerate(model.pieces)}
    merges = []
    for piece in sorted(model.pieces, key=lambda p: -p.score):
        if piece.type not in (1, 4):
            continue
        text = piece.piece
        pairs = [(text[:i], text[i:]) for i in range(1, len(text)) if text[:i] in vocab and text[i:] in vocab]
        merges += [list(pair) for pair in sorted(pairs, key=lambda p: (vocab[p[0]], vocab[p[1]]))]
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [added("<unk>", 0), added("<s>", 1), added("</s>", 2)],
        "normalizer": sequence("normalizers", {"type": "Prepend", "prepend": MARK}, replace(" ", MARK)),
        "pre_tokenizer": None,
        "post_processor": template(["<s>"], [], vocab),
        "decoder": SPACES_STRIPPED,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False, "vocab": vocab,
            "merges": merges,
        },
    }


def t5(model):
    vocab = [[piece.piece, piece.score] for piece in model.pieces]
    table = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [added("<pad>", 0), added("</s>", 1), added("<unk>", 2)],
        "normalizer": sequence(
            "normalizers", {"type": "Precompiled", "precompiled_charsmap": table},
            {"type": "Strip", "strip_left": False, "strip_right": True},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": MARK}),
        "pre_tokenizer": sequence("pretokenizers", {"type": "WhitespaceSplit"}, metaspace("always")),
        "post_processor": template([], ["</s>"], {"</s>": 1}),
        "decoder": metaspace("always"),
        "model": {"type": "Unigram", "unk_id": 2, "vocab": vocab, "byte_fallback": False},
    }


def variants(bases):
    """Name, base, and the members of tokenizer.json that differ."""
    size = 1400
    specials = bases["llama2"]["added_tokens"]
    last = max(t["id"] for t in bases["llama3"]["added_tokens"])
    glm_ids = {"[gMASK]": last + 1, "<sop>": last + 2}
    turns = ["<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>"]
    unigram = bases["t5"]["model"]
    without_unknown_bytes = {**bases["llama2"]["model"], "byte_fallback": False}
    fallback_vocab = unigram["vocab"] + [[f"<0x{byte:02X}>", 0.0] for byte in range(256)]
    # Their places stay, with tokens that no text has.
    partial = {
        f"<none{k[3:5]}>" if k in ("<0xE4>", "<0xF0>", "<0xC3>") else k: v
        for k, v in bases["llama2"]["model"]["vocab"].items()
    }
    return [
        ("llama2", "llama2", {}),
        ("llama2-not-legacy", "llama2", {"normalizer": None, "pre_tokenizer": metaspace("first", False)}),
        (
            "mistral", "llama2",
            {
                "added_tokens": specials + [added(t, size + i) for i, t in enumerate(["[INST]", "[/INST]", "[MASK]", "<|im_start|>"])],
                "normalizer": None, "pre_tokenizer": metaspace("always", False),
            },
        ),
        (
            "yi", "llama2",
            {
                "added_tokens": specials + [added("<|im_start|>", size), added("<|im_end|>", size + 1, special=False)],
                "normalizer": sequence("normalizers", replace(" ", MARK)), "decoder": SPACES, "post_processor": None,
            },
        ),
        (
            "phi3", "llama2",
            {
                "added_tokens": specials[:2] + [added("</s>", 2, rstrip=True, special=False)]
                + [added(t, size + i, rstrip=True) for i, t in enumerate(turns)],
            },
        ),
        (
            "gemma", "llama2",
            {
                "added_tokens": specials
                + [
                    added(t, size + i, special=t.endswith("turn>"))
                    for i, t in enumerate(
                        ["<start_of_turn>", "<end_of_turn>"] + [f"<unused{i}>" for i in range(40)]
                        + ["\n" * n for n in range(2, 8)] + [MARK * n for n in range(17, 21)]
                        + ["<table>", "<tr>", "</div>", "<html>"])
                ],
                "normalizer": replace(" ", MARK),
                "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
                "decoder": SPACES,
            },
        ),
        ("llama2-unknown", "llama2", {"model": {**without_unknown_bytes}}),
        ("llama2-unfused", "llama2", {"model": {**without_unknown_bytes, "fuse_unk": False}}),
        (
            "llama2-some-bytes", "llama2",
            {"model": {**bases["llama2"]["model"], "vocab": partial}},
        ),
        ("t5", "t5", {}),
        (
            "t5-first", "t5",
            {"pre_tokenizer": sequence("pretokenizers", {"type": "WhitespaceSplit"}, metaspace("first")), "decoder": metaspace("first")},
        ),
        (
            "xlm-roberta", "t5",
            {
                "normalizer": {"type": "Precompiled", "precompiled_charsmap": bases["t5"]["normalizer"]["normalizers"][0]["precompiled_charsmap"]},
                "pre_tokenizer": metaspace("always"),
                "added_tokens": bases["t5"]["added_tokens"] + [added("<mask>", size, lstrip=True), added("[MASK]", size + 1, lstrip=True)],
                "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<pad>", 0], "trim_offsets": True, "add_prefix_space": True},
            },
        ),
        ("unigram-bytes", "t5", {"model": {**unigram, "vocab": fallback_vocab, "byte_fallback": True}, "normalizer": None, "pre_tokenizer": metaspace("never"), "decoder": SPACES}),
        ("unigram-whole", "t5", {"normalizer": replace(" ", MARK), "pre_tokenizer": None, "decoder": None}),
        (
            "forms", "t5",
            {
                "normalizer": sequence("normalizers", {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "Strip", "strip_left": True, "strip_right": True}),
                "pre_tokenizer": sequence("pretokenizers", {"type": "Whitespace"}, {"type": "Punctuation", "behavior": "MergedWithNext"}, metaspace("first")),
            },
        ),
        (
            "forms-composed", "t5",
            {
                "normalizer": sequence("normalizers", {"type": "NFKC"}, {"type": "NFD"}, {"type": "NFC"}),
                "pre_tokenizer": sequence("pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, {"type": "Digits", "individual_digits": True}, metaspace("always")),
                "post_processor": {"type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<pad>", 0]},
            },
        ),
        (
            "glm4", "llama3",
            {
                "added_tokens": bases["llama3"]["added_tokens"]
                + [added(t, last + 1 + i) for i, t in enumerate(["[gMASK]", "<sop>"] + turns)],
                "pre_tokenizer": sequence("pretokenizers", split(LLAMA3, "Removed", True), LEVEL),
                "post_processor": sequence("processors", {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}, template(["[gMASK]", "<sop>"], [], glm_ids)),
            },
        ),
        ("qwen3.5", "qwen2", {"pre_tokenizer": sequence("pretokenizers", split(QWEN35), LEVEL)}),
        ("o200k", "qwen2", {"pre_tokenizer": sequence("pretokenizers", split(O200K), LEVEL), "normalizer": None}),
        (
            # Known patterns in other words, so that the expression engine runs them.
            "expression-words", "llama3",
            {"pre_tokenizer": sequence("pretokenizers", split("(?:" + LLAMA3 + ")"), LEVEL)},
        ),
        (
            "expression-cased", "llama3",
            {"pre_tokenizer": sequence("pretokenizers", split("(?:" + O200K + ")"), LEVEL)},
        ),
        (
            "expression-parts", "llama3",
            {
                "pre_tokenizer": sequence(
                    "pretokenizers", split(r"[\r\n]"), split(r"\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba]+"),
                    split("\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"), split(r"\s+$"),
                    split("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7a3]+"), {"type": "Digits", "individual_digits": True}, LEVEL)
            },
        ),
        (
            "expression-possessive", "llama3",
            {
                "pre_tokenizer": sequence(
                    "pretokenizers",
                    split(r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"),
                    LEVEL)
            },
        ),
        (
            "expression-syntax", "llama3",
            {
                "pre_tokenizer": sequence(
                    "pretokenizers",
                    split(r"(?<=[a-z])(?=[A-Z])\w|(?<!\d)\d{2,4}?(?!\d)|\b\w+?\b|[\p{Han}&&[^\u4e2d]]+|[^\S\n]+|\p{^L}|(?>ab|a)c|[\w\-]", "MergedWithPrevious"),
                    split(r"[[:x]\-\]\[^a-c]|\x41|\x{e9}|\h{2}", "Contiguous", True), LEVEL)
            },
        ),
    ]


class Fast:
    """A tokenizer.json under `tokenizers`."""

    def __init__(self, state):
        self.tokenizer = Tokenizer.from_str(json.dumps(state))
        for token in state["added_tokens"]:
            # The library numbers tokens anew where there are gaps.
            assert self.tokenizer.token_to_id(token["content"]) == token["id"], token
        self.bound = self.tokenizer.get_vocab_size(with_added_tokens=False)

    def encode(self, text, special=False):
        return self.tokenizer.encode(text, add_special_tokens=special).ids

    def decode(self, ids, skip=False):
        return self.tokenizer.decode(ids, skip_special_tokens=skip)


class Piecewise:
    """A tokenizer.model under `sentencepiece`, with special tokens taken out first, as `transformers` does."""

    def __init__(self, model, before, after, fast):
        self.processor = sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString())
        self.tokens = {p.piece: id for id, p in enumerate(model.pieces) if p.type in (2, 3)}
        self.before, self.after, self.bound = before, after, len(model.pieces)
        self.decode = fast.decode

    def encode(self, text, special=False):
        ids, start = [], 0
        while start < len(text):
            places = [(text.find(t, start), -len(t), t) for t in self.tokens]
            place, _, token = min((p for p in places if p[0] >= 0), default=(len(text), 0, None))
            ids += self.processor.encode(text[start:place]) if place > start else []
            ids += [self.tokens[token]] if token else []
            start = place + len(token or " ")
        return self.before + ids + self.after if special else ids


class Ranked:
    """A list of tokens under `tiktoken`."""

    def __init__(self, ranks, specials, before):
        self.encoding = tiktoken.Encoding("glm4", pat_str=LLAMA3, mergeable_ranks=ranks, special_tokens=specials)
        self.specials, self.before, self.bound = set(specials.values()), before, len(ranks)

    def encode(self, text, special=False):
        ids = self.encoding.encode(text, allowed_special="all")
        return self.before + ids if special else ids

    def decode(self, ids, skip=False):
        return self.encoding.decode([id for id in ids if not (skip and id in self.specials)])


def glm4(tokenizer):
    """Ranks and special tokens, from the vocabulary of another fixture."""
    state = tokenizer["model"]
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    letters = {chr(b): b for b in printable}
    letters.update({chr(0x100 + i): b for i, b in enumerate(b for b in range(256) if b not in printable)})
    ranks = {bytes(letters[c] for c in token): id for token, id in state["vocab"].items()}
    names = ["<|endoftext|>", "[MASK]", "[gMASK]", "[sMASK]", "<sop>", "<eop>", "<|system|>", "<|user|>", "<|assistant|>"]
    return ranks, {name: 1600 + i for i, name in enumerate(names)}


SKIPPED = "-" * 8


def digest(ids):
    """The lower half of a hash, as eight digits."""
    return f"{hash_of(ids) & 0xFFFFFFFF:08x}"


def digest_of_text(text):
    return digest(text.encode())


def noise(bound):
    """Ids in any order; the first ones, most of them bytes, are the likeliest."""
    corpus = Corpus(77)
    return [corpus.below(300 if corpus.below(3) else bound) for _ in range(2000)]


def expectations(tokenizer, segments):
    def decoded(ids, text, skip=False):
        result = tokenizer.decode(ids, skip)
        # The library takes letters of added tokens for bytes; nobody wants that back.
        return SKIPPED if "\ufffd" in result and "\ufffd" not in text else digest_of_text(result)

    cases = []
    for text in TEXTS:
        ids = tokenizer.encode(text)
        special = tokenizer.encode(text, special=True)
        cases.append(digest(ids) + digest(special) + decoded(ids, text) + decoded(ids, text, skip=True))
    corpus = []
    for text in segments:
        ids = tokenizer.encode(text)
        corpus.append(digest(ids) + decoded(ids, text))
    return {"cases": cases, "corpus": "".join(corpus), "noise": digest_of_text(tokenizer.decode(noise(tokenizer.bound), True))}


def main():
    bpe, unigram = train_models()
    bases = {"llama2": llama2(bpe), "t5": t5(unigram)}
    for name, state in bases.items():
        write(f"{name}/tokenizer.json", state)
    for name in ("llama3", "qwen2"):
        bases[name] = json.loads((OUTPUT / name / "tokenizer.json").read_text())

    segments = [Corpus(seed + 1).segment() for seed in range(SEGMENTS)]
    entries = []

    def record(name, base, replace, tokenizer):
        print(name, flush=True)
        entries.append(
            {"name": name, "base": base, "replace": replace, "bound": tokenizer.bound, **expectations(tokenizer, segments)})

    for name, base, replace in variants(bases):
        changes = {key: value for key, value in replace.items()}
        model = changes.get("model")
        if model:
            # Only what differs of the model; vocabularies are large.
            changes["model"] = {k: v for k, v in model.items() if bases[base]["model"].get(k) != v and k != "vocab"}
            old, new = bases[base]["model"]["vocab"], model["vocab"]
            if isinstance(old, dict):
                names = {id: name for name, id in old.items()}
                renamed = {old_name: name for name, id in new.items() for old_name in [names[id]] if name != old_name}
                if renamed:
                    changes["model"]["renamed"] = renamed
            else:
                changes["model"]["appended"] = new[len(old) :]
        record(name, base, changes, Fast({**bases[base], **replace}))

    for name, model, before, after, fast in [
        ("llama2-model", bpe, [1], [], Fast(bases["llama2"])),
        ("t5-model", unigram, [], [1], Fast({**bases["t5"], "decoder": SPACES_STRIPPED})),
    ]:
        path = OUTPUT / name / "tokenizer.model"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(model.SerializeToString())
        record(name, name, {}, Piecewise(model, before, after, fast))
    write("llama2-model/tokenizer_config.json", {"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "eos_token": "</s>"})
    write("t5-model/tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "eos_token": "</s>", "pad_token": "<pad>"})

    ranks, specials = glm4(bases["qwen2"])
    path = OUTPUT / "glm4-model" / "tokenizer.model"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"".join(base64.b64encode(token) + b" %d\n" % rank for token, rank in ranks.items()))
    flags = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    write(
        "glm4-model/tokenizer_config.json",
        {
            "added_tokens_decoder": {str(id): {"content": name, **flags} for name, id in specials.items()},
            "tokenizer_class": "ChatGLM4Tokenizer", "eos_token": "<|endoftext|>",
        },
    )
    record("glm4-model", "glm4-model", {}, Ranked(ranks, specials, [specials["[gMASK]"], specials["<sop>"]]))
    write("families.json", {"texts": TEXTS, "segments": SEGMENTS, "segmentBytes": 5000, "tokenizers": entries})


if __name__ == "__main__":
    main()
