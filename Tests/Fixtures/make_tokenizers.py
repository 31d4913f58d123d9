"""Makes the tokenizer fixtures: small tokenizers in the shapes of well-known models, and the ids that the Hugging Face
`tokenizers` library gives for texts.

    pip install tokenizers==0.23.3
    python make_tokenizers.py

Output, all under `tokenizers/`:

- `<shape>/tokenizer.json`: trained here on a generated text, about 1500 tokens each; `qwen2` also has the other files
  that a checkpoint may have.
- `words.json`: words of many scripts, from which `Corpus` (here and in `Tests/TokenizersTests/Corpus.swift`, which
  must stay in step) makes a megabyte of text.
- `corpus.json`: for each tokenizer the number and the hash of the ids of each segment of that text.
- `cases.json`: texts with their ids and what these decode to, also for variants of a tokenizer with other parts.
"""

import json
import pathlib

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers
from tokenizers import pre_tokenizers, processors, trainers

OUTPUT = pathlib.Path(__file__).parent / "tokenizers"
BUNDLED = pathlib.Path(__file__).parents[2] / "Models" / "needle-11m"
SEGMENTS = 200
SEGMENT_BYTES = 5000

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
QWEN35 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

WORDS = {
    "english": (
        "the of and to in is that it was for on are with as his they at be this from have or by one had not but what "
        "all were when we there can an your which their said if do will each about how up out them then she many some "
        "so these would other into has more her two like him see time could no make than first been its who now "
        "people my made over did down only way find use may water long little very after words called just where "
        "most know don't it's I'll we've they're I'm he'd isn't O'Neill rock'n'roll Attention Transformer sparse "
        "Kernel GPU LLM matrix Mississippi antidisestablishmentarianism naïve café résumé co-operate e.g. U.S.A. "
        "CamelCaseIdentifier HTTPServerURL snake_case_name"
    ).split(),
    "code": (
        "func let var return if else { } ( ) [ ] -> => == != <= >= && || += -= *= // /* */ # @main import struct "
        "self.index = 0; i++ for(int\ti=0;i<n;++i) 0x7fff_ffff 1e-5 3.14159 \"string\\n\" 'c' <html> </div> &amp; "
        "a[i][j] foo(bar,baz) \n \n\n \n\t \r\n \t \t\t    \n        \n std::vector<int> lambda x:x**2 $VAR ${HOME} "
        "%d %s\\0 #include<stdio.h> __init__ !important ;; ::"
    ).split(" "),
    "german": "der die und Straße größer Übermut daß Donaudampfschifffahrtsgesellschaft ähnlich ſtadt Maß".split(),
    "french": "l'été où ça être Noël cœur aujourd'hui garçon déjà vu qu'il s'est élève ÉCOLE".split(),
    "vietnamese": "Tiếng Việt người được không những để nghĩa một trường".split(),
    "russian": "и в не на что он как это все она так его только меня было Ёлка объём съёмка".split(),
    "greek": "και το να του η της με που Ελλάδα γλώσσα ΑΘΗΝΑ ὁ λόγος ἐν ἀρχῇ".split(),
    "arabic": "في من على اللغة العربية السَّلامُ عَلَيْكُمْ كتاب ١٢٣٤٥ مرحبا، كيف".split(),
    "hebrew": "שלום עולם בְּרֵאשִׁית אני ישראל".split(),
    "hindi": "नमस्ते दुनिया हिन्दी में क्या है स्वतंत्रता १२३ भारत क़लम".split(),
    "thai": "สวัสดีชาวโลก ภาษาไทย ที่นี่ น้ำ ๑๒๓๔ กำลัง".split(),
    "chinese": "你好世界 中文分词 的 是 在 了 注意力机制 稀疏 一二三,四五六。 「引号」 人工智能 ！ 𠮷野家".split(),
    "japanese": "こんにちは 世界 カタカナ ひらがな がぎぐげご ｶﾞ 東京タワー ー 々 です。".split(),
    "korean": "안녕하세요 세계 한국어 대한민국 각 값".split(),
    "emoji": "😀 👩‍👩‍👧‍👦 🇩🇪🇫🇷 👍🏽 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🤷🏻‍♀️ ☕️ ✨✨✨ 1️⃣ 🫠 ⌨".split(),
    "symbols": "± × ÷ ≤ ∑∫√ ∞ € £ ¥ ½ ⅔ Ⅷ ² ³ ₁ ¹⁰ … — – “quoted” ‘single’ «guillemets» ¿qué? ¡sí! № ™ © ° § ʼn ǅ ǈ ﬁ ﬆ "
    "\u2028 \u00a0 \u3000 \u200b \ufeff \u0085 \u000b \u000c \u0000 \u0001 \u007f".split(" "),
    "numbers": "0 1 12 123 1234 12345 1234567890 3.14 1,000,000 2026-11-23 12:34:56 +49 50% 0b1010 ٣٤ ४५ ５６".split(),
    "marks": "e\u0301 a\u0308\u0323 \u1100\u1161\u11a8 n\u0303o \u0301 q\u0307\u0323 \u212b \u2126 \u0958 \u0344 "
    "\uf900 A\u030a \u0915\u093c \u09c7\u09be s\u0323\u0307 \u1e9b\u0323".split(),
    "spaces": ["", "", "", " ", "   ", "\t", "\n", "\r\n", "\n\n\n", " \n ", "       ", "\t\t"],
    "tokens": "<|end|> <|begin|> <|endoftext|> <|end_of_text|> <|im_start|> <|im_end|> <think> </think> <|user|> "
    "<|end <|im_start|><|im_end|> < | > <s> [MASK]".split(),
}


class Corpus:
    """A deterministic text of many languages, in segments; the generator is xorshift64*."""

    def __init__(self, seed):
        self.state = seed
        self.lists = list(WORDS.values())

    def below(self, bound):
        mask = (1 << 64) - 1
        self.state ^= self.state >> 12
        self.state ^= (self.state << 25) & mask
        self.state ^= self.state >> 27
        return (((self.state * 0x2545F4914F6CDD1D) & mask) >> 33) % bound

    def scalar(self):
        """A character of any assigned or unassigned kind, but for planes and blocks that newer Unicode versions fill."""
        kind = self.below(8)
        if kind < 3:
            return self.below(0x80)
        if kind < 4:
            return 0x80 + self.below(0x780)
        if kind < 6:
            value = 0x800 + self.below(0xF800)
            return value if not 0xD800 <= value < 0xE000 else 0xE000
        if kind < 7:
            return 0x1F300 + self.below(0x350)
        return 0x20000 + self.below(0xA000)

    def segment(self):
        parts = []
        size = 0
        words = self.lists[self.below(len(self.lists))]
        while size < SEGMENT_BYTES:
            choice = self.below(64)
            if choice == 0:
                words = self.lists[self.below(len(self.lists))]
            if choice == 1:
                part = "".join(chr(self.scalar()) for _ in range(1 + self.below(24)))
            elif choice < 8:
                other = self.lists[self.below(len(self.lists))]
                part = other[self.below(len(other))]
            else:
                part = words[self.below(len(words))]
            if self.below(8) > 0:
                part += " "
            parts.append(part)
            size += len(part.encode())
        return "".join(parts)


def hash_of(ids):
    """FNV-1a over the ids, kept to 52 bits so that JSON readers hold it exactly."""
    value = 0xCBF29CE484222325
    for token in ids:
        value = ((value ^ token) * 0x100000001B3) & ((1 << 64) - 1)
    return value >> 12


def train(shape, tokenizer, specials, size=1500):
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    corpus = Corpus(0x5EED + len(shape))
    tokenizer.train_from_iterator([corpus.segment() for _ in range(40)], trainer)
    tokenizer.add_special_tokens(specials)
    return tokenizer


def byte_level(pattern, normalizer=None, ignore_merges=False):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if normalizer:
        tokenizer.normalizer = normalizer
    if pattern is None:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(pattern), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def special(content, **flags):
    return AddedToken(content, special=True, normalized=False, **flags)


def make_gpt2():
    tokenizer = train("gpt2", byte_level(None), [special("<|endoftext|>")])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def make_llama3():
    # Tokens that no merge makes: only a lookup of the whole piece finds them.
    state = json.loads(train("llama3", byte_level(LLAMA3, ignore_merges=True), []).to_str())
    vocab = state["model"]["vocab"]
    for token in ("ĠTransformer", "ĠMississippi", "antidisestablish"):
        assert token not in vocab
        vocab[token] = len(vocab)
    tokenizer = Tokenizer.from_str(json.dumps(state))
    tokenizer.add_special_tokens([special("<|begin_of_text|>"), special("<|end_of_text|>"), special("<|eot_id|>")])
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=True),
            processors.TemplateProcessing(
                single="<|begin_of_text|> $A",
                pair="<|begin_of_text|> $A <|begin_of_text|> $B:1",
                special_tokens=[("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))],
            ),
        ]
    )
    return tokenizer


def make_qwen2():
    tokenizer = train(
        "qwen2",
        byte_level(QWEN2, normalizer=normalizers.NFC()),
        [special("<|endoftext|>"), special("<|im_start|>"), special("<|im_end|>")],
    )
    tokenizer.add_tokens(
        [AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False), AddedToken("e\u0301l")]
    )
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


EDGE_CASES = [
    "",
    " ",
    "a",
    "Hello, world!",
    "don't DON'T Don'T they'll THEY'LL we've I'd I'M you're it'\u017f it'\u017fo 'sup 'S 's' '' ' x'y 'r 'v 'l 'L'l",
    "'", "a'", "'\u00e9", "\u017f's",
    "line one\r\nline two\r\n\r\n\r\nline three\n\n\n   indented\n",
    "\r", "\n", "\r\n", "\r\n ", " \r\n", "\n \n x", "x \n\n  \n y", "a\n\nb", "a \r b",
    "\ttab\t\ttabs \t mixed\t", "\t\n\t", " \t", "x\t ", "\u00a0x\u00a0\u00a0y\u3000\u3000z\u2028\u2029",
    "     five spaces", "trailing     ", " " * 100 + "x" + " " * 100, "a  b   c    d",
    "1 12 123 1234 12345 123456 1234567 12345678901234567890", "a1b22c333d4444", "3.14159e-10 ½⅔ Ⅷ ²³ ١٢٣٤ १२३४", "1\u03012",
    "e\u0301 e\u0301l\u00e9l n\u0303 \u0301\u0302 a\u0323\u0308 a\u0308\u0323 \u1100\u1161\u11a8 \u212b \u0958 \u2126",
    "o" + "\u0301\u0323\u031b" * 20 + " \u1ebf\u0323 x\u0f73\u0f81\u0f75\u0301\u0323 \u0344\u0323 \u0340\u0327",
    "naïve café résumé \u0301abc  \u0301 x\u0301",
    "👩‍👩‍👧‍👦 family, 🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag, 👍🏽 thumb, 🇩🇪🇫🇷, ❤️‍🔥, 1️⃣", "😀😀😀 😀",
    "今日は、世界！東京タワーは高いです。中文分词测试，注意力机制。「你好」", "𠮷野家で𩸽", "안녕하세요 세계 \u1112\u1161\u11ab",
    "اللغة العربية جميلة جدًا، السَّلامُ عَلَيْكُمْ", "שלום עולם בְּרֵאשִׁית",
    "สวัสดีชาวโลก ภาษาไทยไม่มีช่องว่าง", "नमस्ते दुनिया, स्वतंत्रता क्षत्रिय",
    "CamelCaseWord HTTPServer XMLHttpRequest iPhone ǅungla ʰx ªº ABCdef's ABC'S abc'LL //\n/ a/b/\r\n/",
    "\u0000", "a\u0000b\u0000\u0000c", "\u0001\u0002 \u001f\u007f\u0080\u0085x\u0085\u0085 y\u000b\u000cz",
    "\ufeffbom \u200bzero\u200cwidth\u200djoin \u2060x", "\ufffd \ufffe \uffff \U0010ffff \ue000",
    "x" * 40, "ab" * 300, "the" * 500, "!?" * 200, "0" * 101, "é" * 99, "你好" * 150, "𠮷" * 99,
    "thethethe Transformer Transformer Mississippi antidisestablish antidisestablishmentarianism",
    "func main() {\n\tlet x: Int = 42 // answer\n\treturn x ?? 0\n}\n\n\n",
    "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> <|endoftext|>", "<|endoftext|><|endoftext|>", "<|endoftext|", "<<|endoftext|>>",
    "<|begin_of_text|>Hi<|eot_id|><|end_of_text|>", "<|im_start|>user\nhi<|im_end|>\n<think>\n\n</think>\n\n", "<think><thin</think>",
    "<|begin|><|user|>needle<|assistant|>hay<|end|>", "<|user|><|us<|user|>", "e\u0301l \u00e9l e\u0301lan",
    "#version 1 #version", "ĠĊâĢ Ġ", "http://example.org/a?b=c&d=%20#x", "a\u0300\u0301\u0302\u0303\u0304\u0305 b",
]

def letters(seed, count, first, bound):
    corpus = Corpus(seed)
    return "".join(chr(first + corpus.below(bound)) for _ in range(count))


# Pieces too long to look at all pairs for each merge.
EDGE_CASES += [letters(1, 2000, ord("a"), 26), letters(2, 3000, ord("a"), 3), letters(3, 500, 0x4E00, 64)]

FLAGGED = [
    "a <x> b", "a  <x>  b", "<x>", "<x><x> <x>", "\t<x>\n\n<x>\u3000z", "word wordy swordword word. _word word_ (word) éword word\u0301 9word",
    "wordword word word", "<lu> <l  <lu> x", " <r> <l> ", "a<l>  <r>b", "  <lr>  <lr>  ", "nest <nest <nested> <nested>> <nest>", "ab abc abcd abcde",
    "a<r>  \t <l> <lr>  <l>  x", "<ws>\n\n\n<ws>x \n", "\n\n\n", "ABC abc", "<l> \u00a0<r>\u00a0\u2003x", "word", " word ", "word<x>word", "e\u0301 \u00e9 e\u0301x",
]


def variants(qwen2, llama3):
    """Tokenizers that differ from a fixture in some members of their tokenizer.json."""

    def split(pattern, behavior="Isolated", invert=False):
        return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}

    def level(prefix=False, regex=False):
        return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}

    def sequence(*steps):
        return {"type": "Sequence", "pretokenizers": list(steps)}

    def added(content, id, **flags):
        entry = dict(id=id, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
        entry.update(flags)
        return entry

    bound = 1 + max(token["id"] for token in json.loads(qwen2.to_str())["added_tokens"])
    flagged = json.loads(qwen2.to_str())["added_tokens"] + [
        added("<x>", bound, special=True),
        added("word", bound + 1, single_word=True),
        added("<l>", bound + 2, lstrip=True),
        added("<r>", bound + 3, rstrip=True),
        added("<lr>", bound + 4, lstrip=True, rstrip=True, special=True),
        added("<nest", bound + 5),
        added("<nested>", bound + 6),
        added("abc", bound + 7, normalized=True),
        added("abcde", bound + 8),
        added(" <l", bound + 9, rstrip=True),
        added("<lu>", bound + 10, lstrip=True, normalized=True),
        added("\u00e9x", bound + 11, normalized=True),
        added("  ", bound + 12),
        added("Ġé", bound + 13),
        added("日本", bound + 14, special=True),
        added("\n", bound + 15, rstrip=True),
    ]
    all_texts = EDGE_CASES[:-3]
    return [
        ("qwen3.5", "qwen2", {"pre_tokenizer": sequence(split(QWEN35), level())}, all_texts),
        ("o200k", "qwen2", {"pre_tokenizer": sequence(split(O200K), level()), "normalizer": None}, all_texts),
        ("removed", "qwen2", {"pre_tokenizer": sequence(split(QWEN2, "Removed", True), level())}, EDGE_CASES[:20]),
        ("prefix-space", "gpt2", {"pre_tokenizer": level(prefix=True, regex=True)}, all_texts),
        ("split-prefix-space", "llama3", {"pre_tokenizer": sequence(split(LLAMA3), level(prefix=True))}, EDGE_CASES[:30]),
        ("digits", "gpt2", {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": True}, level(regex=True))}, all_texts),
        ("digit-runs", "gpt2", {"pre_tokenizer": sequence({"type": "Digits", "individual_digits": False}, level(regex=True))}, all_texts),
        ("no-split", "gpt2", {"pre_tokenizer": level()}, all_texts),
        (
            "normalizers",
            "gpt2",
            {
                "normalizer": {
                    "type": "Sequence",
                    "normalizers": [
                        {"type": "NFC"},
                        {"type": "Replace", "pattern": {"String": "e"}, "content": "ee"},
                        {"type": "Replace", "pattern": {"String": "  "}, "content": ""},
                        {"type": "Prepend", "prepend": "▁"},
                    ],
                }
            },
            all_texts,
        ),
        ("flags", "qwen2", {"added_tokens": flagged}, FLAGGED + EDGE_CASES[:40]),
        (
            "bos-eos",
            "llama3",
            {
                "post_processor": {
                    "type": "TemplateProcessing",
                    "single": [
                        {"SpecialToken": {"id": "<|begin_of_text|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}},
                        {"SpecialToken": {"id": "<end>", "type_id": 0}},
                    ],
                    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                    "special_tokens": {
                        name: {"id": name, "ids": [llama3.token_to_id(token) for token in tokens], "tokens": tokens}
                        for name, tokens in [
                            ("<|begin_of_text|>", ["<|begin_of_text|>"]),
                            ("<end>", ["<|eot_id|>", "<|end_of_text|>"]),
                        ]
                    },
                }
            },
            EDGE_CASES[:8],
        ),
    ]


def small_models():
    """Models without a token for every byte."""

    def state(vocab, merges, **model):
        tokenizer = byte_level(None)
        result = json.loads(tokenizer.to_str())
        result["model"].update(vocab=vocab, merges=merges, **model)
        return result

    vocab = {"a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġab": 4, "?": 5, "??": 6, "abab": 7, "aba": 8}
    merges = [["a", "b"], ["Ġ", "ab"], ["ab", "ab"], ["ab", "a"], ["?", "?"]]
    texts = ["ab xyz ab", "abab ababab", "é?é", "aébcdb", "zzzz", "", "ab" * 40 + "a", "?" * 61]
    return [
        ("dropped", state(vocab, merges), texts),
        ("unknown", state(vocab, merges, unk_token="?"), texts),
        ("fused-unknown", state(vocab, merges, unk_token="?", fuse_unk=True), texts),
        ("string-merges", state(vocab, ["#version: 0.2"] + [" ".join(pair) for pair in merges]), texts),
        ("duplicate-merges", state(vocab, merges + [["a", "b"]]), texts),
    ]


def case(tokenizer, text):
    encoding = tokenizer.encode(text)
    plain = tokenizer.encode(text, add_special_tokens=False).ids
    entry = {"text": text, "ids": plain}
    if encoding.ids != plain:
        entry["special"] = encoding.ids
    decoded = tokenizer.decode(plain, skip_special_tokens=False)
    if "\ufffd" in decoded and "\ufffd" not in text:
        # The library takes letters of added tokens for bytes; nobody wants that back.
        entry["decoded"] = None
        return entry
    if decoded != text:
        entry["decoded"] = decoded
    skipped = tokenizer.decode(plain, skip_special_tokens=True)
    if skipped != decoded:
        entry["skipped"] = skipped
    return entry


def random_ids(tokenizer, seed):
    """Ids in any order: their bytes are mostly no UTF-8."""
    corpus = Corpus(seed)
    bound = tokenizer.get_vocab_size(with_added_tokens=False)
    # Tokens of one byte come first, and are most likely to make broken characters.
    return [corpus.below(256 if corpus.below(3) else bound) for _ in range(2000)]


def write(name, value):
    path = OUTPUT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    write("words.json", [[name, words] for name, words in WORDS.items()])
    shapes = {"gpt2": make_gpt2(), "llama3": make_llama3(), "qwen2": make_qwen2()}
    for name, tokenizer in shapes.items():
        write(f"{name}/tokenizer.json", json.loads(tokenizer.to_str()))
    write(
        "qwen2/tokenizer_config.json",
        {"bos_token": None, "eos_token": "<|im_end|>", "pad_token": {"content": "<|endoftext|>"}, "chat_template": "old"},
    )
    write("qwen2/special_tokens_map.json", {"unk_token": "<|endoftext|>"})
    (OUTPUT / "qwen2" / "chat_template.jinja").write_text("{{ messages }}\n")
    more = OUTPUT / "qwen2" / "additional_chat_templates"
    more.mkdir(exist_ok=True)
    (more / "tool_use.jinja").write_text("{{ tools }}\n")
    shapes["needle-11m"] = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))

    segments = [Corpus(seed + 1).segment() for seed in range(SEGMENTS)]
    expected = {"segments": SEGMENTS, "segmentBytes": SEGMENT_BYTES, "shapes": {}}
    cases = []
    for name, tokenizer in shapes.items():
        ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in segments]
        expected["shapes"][name] = [[len(entry), hash_of(entry)] for entry in ids]
        noise = random_ids(tokenizer, 77)
        cases.append(
            {
                "name": name,
                "base": name,
                "replace": {},
                "cases": [case(tokenizer, text) for text in EDGE_CASES],
                "noise": {"ids": noise, "decoded": tokenizer.decode(noise, skip_special_tokens=True)},
            }
        )
    for name, base, replace, texts in variants(shapes["qwen2"], shapes["llama3"]):
        state = json.loads(shapes[base].to_str())
        state.update(replace)
        tokenizer = Tokenizer.from_str(json.dumps(state))
        cases.append(
            {"name": name, "base": base, "replace": replace, "cases": [case(tokenizer, text) for text in texts]}
        )
    for name, state, texts in small_models():
        tokenizer = Tokenizer.from_str(json.dumps(state))
        cases.append({"name": name, "base": None, "replace": state, "cases": [case(tokenizer, text) for text in texts]})
    write("corpus.json", expected)
    write("cases.json", cases)


if __name__ == "__main__":
    main()
