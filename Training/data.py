"""Training and test conversations: one document, tasks in the style of RULER hidden in it, questions and answers.

Every conversation is a function of its seed, so a run can be resumed and repeated.
"""
import random
import string
from dataclasses import dataclass

import numpy as np

from lexicon import ADJECTIVES, ATTRIBUTES, KEYWORDS, NAMES, NOISE, NOUNS
from sentences import FreeGrammar, haystack_sentence

BEGIN, END, USER, ASSISTANT = 0, 1, 2, 3

# How often a training conversation has each task.
TASKS = {
    "single": 2, "needles": 4, "multi-key": 2, "multi-value": 2.5, "multi-query": 2.5, "tracking": 8,
    "frequent words": 2, "common words": 3, "fact": 1.5, "recite": 1.5, "free": 3,
}
NEEDLE_TASKS = ("single", "needles", "multi-key", "multi-value", "multi-query")

# What stands between a document that ends in a full stop and the question, with the full stop, as pieces that are encoded
# one by one. A byte-level tokenizer merges a full stop and a line feed into one token, so "\n" after plain text is "merged".
SEPARATORS = {
    "apart": [".", "\n"], "merged": [".\n"], "space": [". \n"], "empty line apart": [".", "\n\n"], "empty line": [".\n\n"],
}
SEPARATOR_WEIGHTS = {"apart": 2, "merged": 3.5, "space": 2, "empty line apart": 1, "empty line": 1.5}

READ = "Read the following text. I will ask you about it afterwards.\n"
OTHER_HEADINGS = ["", "Read this text.\n", "Here is a long document.\n\n", "Read the text and answer the question below.\n\n"]

# What a question calls the document, now and then; "provided text" is RULER's.
PLACES = ["text", "text above", "document", "passage", "given text"]

# The weights of the loss: the other tokens teach a little of the language, the prefix repeats the question.
ANSWER, COUNTED_ANSWER, PREFIX, COPIED_PREFIX, OTHER, OTHER_SHARE = 1.0, 3.0, 0.2, 0.4, 0.1, 0.04


@dataclass
class Question:
    """Token lists. values: what is scored, separated by commas in the answer; mark: what closes the answer."""

    text: list
    prefix: list
    values: list
    mark: list
    weight: float = ANSWER
    prefix_weight: float = PREFIX


@dataclass
class Draft:
    heading: str
    document: np.ndarray
    questions: list


@dataclass
class Bank:
    """Many sentences' tokens in one array; sentence i is tokens[bounds[i]:bounds[i + 1]]."""

    tokens: np.ndarray
    bounds: np.ndarray

    @staticmethod
    def of(sentences, tokenizer):
        encoded = [e.ids for e in tokenizer.encode_batch([" " + s for s in sentences], add_special_tokens=False)]
        bounds = np.concatenate([[0], np.cumsum([len(ids) for ids in encoded])])
        return Bank(np.concatenate([np.array(ids, np.int32) for ids in encoded]), bounds)


def inner_subwords(tokenizer):
    """Pieces of two or more lower-case letters that do not begin a word, in a fixed order."""
    return sorted(t for t in tokenizer.get_vocab() if len(t) > 1 and t.isascii() and t.isalpha() and t.islower())


def make_banks(tokenizer, sentences, seed):
    """The haystacks: prose of few templates, and free sentences (fewer of them, they take longer to make)."""
    source = random.Random(seed)
    grammar = FreeGrammar(source, inner_subwords(tokenizer))
    return {
        "prose": Bank.of([haystack_sentence(source) for _ in range(sentences)], tokenizer),
        "free": Bank.of([grammar.sentence().text for _ in range(sentences // 4)], tokenizer),
    }


def occurrences(document, tokens):
    """Where the token list begins in the document."""
    places = np.flatnonzero(document[: len(document) - len(tokens) + 1] == tokens[0])
    for offset, token in enumerate(tokens[1:], 1):
        places = places[document[places + offset] == token]
    return places


class Generator:
    """Makes conversations of one tokenizer over shared banks of haystack sentences."""

    def __init__(self, tokenizer, banks, seed=0):
        self.tokenizer, self.banks = tokenizer, banks
        self.subwords = inner_subwords(tokenizer)
        vocabulary = tokenizer.get_vocab()
        self.begins_word = np.zeros(max(vocabulary.values()) + 1, bool)
        self.begins_word[[i for token, i in vocabulary.items() if token.startswith("Ġ")]] = True
        self.cache = {}
        self.noise = np.array(self.encode(NOISE), np.int32)
        self.stop = self.encode(".")
        self.marks = {self.encode(mark)[0] for mark in ".!?"}
        self.reseed(seed)

    def reseed(self, seed):
        self.random = random.Random(seed)
        self.numpy = np.random.default_rng(seed)
        self.grammar = FreeGrammar(self.random, self.subwords)

    # Text

    def encode(self, text):
        ids = self.cache.get(text)
        if ids is None:
            ids = self.tokenizer.encode(text, add_special_tokens=False).ids
            if len(self.cache) < 200_000:
                self.cache[text] = ids
        return ids

    def tokens(self, *parts):
        """Encodes word by word, which the pre-tokenizer makes equal to encoding at once and the cache makes quick."""
        return [i for part in parts for i in (self.encode(part) if isinstance(part, str) else part)]

    def word(self):
        return self.random.choice(KEYWORDS if self.random.random() < 0.5 else NOUNS)

    def key(self):
        return self.random.choice(ADJECTIVES if self.random.random() < 0.5 else KEYWORDS) + "-" + self.word()

    def value(self, kind):
        if kind == "number":
            return str(self.random.randrange(10**6, 10**7))
        if kind == "word":
            return self.key()
        digits = "".join(self.random.choice("0123456789abcdef") for _ in range(32))
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    # Documents

    def places(self, count, end, depth, at_ends):
        """Sorted sentence numbers for `count` needles; at_ends: often the very first and the very last."""
        if depth is not None:
            return [round(depth * end)] * count
        places = sorted(self.random.randrange(end + 1) for _ in range(count))
        if at_ends and places:
            if self.random.random() < 0.3:
                places[0] = 0
            if self.random.random() < 0.3:
                places[-1] = end
        return places

    def document(self, haystack, needles, length, depth=None, at_ends=False):
        """Whole sentences of the haystack of about `length` tokens with the needles between them, in their order."""
        length = max(0, length - sum(len(needle) for needle in needles))
        if haystack == "noise":
            end = length // len(self.noise)
            cut = lambda start, stop: np.tile(self.noise, stop - start)
        else:
            bank = self.banks[haystack]
            if len(bank.bounds) - 1 <= length // 7:
                held = len(bank.bounds) - 1
                raise ValueError(f"bank {haystack!r}: {held} sentences are too few for {length} tokens, raise --bank")
            first = self.random.randrange(len(bank.bounds) - 1 - length // 7)
            end = int(np.searchsorted(bank.bounds, bank.bounds[first] + length, side="right")) - 1 - first
            cut = lambda start, stop: bank.tokens[bank.bounds[first + start] : bank.bounds[first + stop]]
        pieces, done = [np.zeros(0, np.int32)], 0
        for place, needle in zip(self.places(len(needles), end, depth, at_ends), needles):
            pieces += [cut(done, place), np.array(needle, np.int32)]
            done = place
        return np.concatenate(pieces + [cut(done, end)])

    def haystack(self, noise=0.0):
        """Mostly prose; free sentences now and then, so that nothing rests on the templates."""
        draw = self.random.random()
        return "noise" if draw < noise else "free" if draw > 0.87 else "prose"

    # Tasks: each makes a draft for `room` tokens, with one question in a test and about `asked` in training

    def needle_task(self, task, room, asked, test):
        kind = self.random.choices(["number", "word", "uuid"], [5, 2.5, 1.2])[0]
        # RULER's third multi-key task has nothing but uuids.
        uuid_keys = task == "needles" and self.random.random() < 0.4
        draw_key = (lambda: self.value("uuid")) if uuid_keys else self.key
        kind = "uuid" if uuid_keys else kind
        kinds, several = kind + "s", task in ("multi-value", "multi-query")
        one = test and task in ("single", "multi-value")
        per_key = 4 if task == "multi-value" else 1
        count = 1 if one else 4 if test else max(2, asked // 3) if task == "multi-value" else asked
        questions = 1 if test else max(1, count // 3) if task == "multi-query" else count
        cost = 40 + (46 if kind == "uuid" else 10) * (7 if several else 1) + (92 if uuid_keys else 0)
        if task == "needles":
            questions = 1 if test else max(1, min(asked, room // 2 // cost))
            count = max(2, (room - cost * questions) // (len(self.needle(draw_key(), self.value(kind), kinds)) + 1))
        values = {draw_key(): [self.value(kind) for _ in range(per_key)] for _ in range(count)}
        items = [(key, value) for key in values for value in values[key]]
        self.random.shuffle(items)
        order = {}
        for key, value in items:
            order.setdefault(key, []).append(value)
        needles = [self.needle(key, value, kinds) for key, value in items]
        if task == "needles":
            document = np.concatenate([np.array(needle, np.int32) for needle in needles])
        else:
            haystack = self.haystack(noise=0.4 if task == "single" else 0)
            document = self.document(haystack, needles, room - cost * questions, at_ends=not test)
        keys = list(values)
        groups = (
            [self.random.sample(keys, min(4, count)) for _ in range(questions)] if task == "multi-query"
            else [[key] for key in self.random.sample(keys, min(questions, len(keys)))])
        singular = task == "single" and (test or self.random.random() < 0.5)
        heading = (
            f"A special magic {kind} is hidden within the following text. Make sure to memorize it. "
            f"I will quiz you about the {kind} afterwards.\n" if singular else
            f"Some special magic {kinds} are hidden within the following text. Make sure to memorize it. "
            f"I will quiz you about the {kinds} afterwards.\n")
        place = "provided text" if test or self.random.random() < 0.85 else self.random.choice(PLACES)
        return Draft(heading, document, [self.needle_question(group, order, kind, several, place) for group in groups])

    def needle(self, key, value, kinds):
        return self.tokens(f" One of the special magic {kinds} for", " " + key, " is:", " " + value, ".")

    def needle_question(self, keys, values, kind, several, place):
        names = self.tokens(*(part for key in keys for part in (",", " " + key)))[1:]
        what, verb = (f"special magic {kind}s for", "are") if several else (f"special magic {kind} for", "is")
        return Question(
            self.tokens(f"What {verb}{' all' if several else ''} the {what}", names, f" mentioned in the {place}?"),
            self.tokens(f" The {what}", names, f" mentioned in the {place} {verb}"),
            [self.encode(" " + value) for key in keys for value in values[key]], self.stop)

    def chains(self, room):
        """Half of the documents hold the one chain of a test, whose names stand alone in the noise; the others up to 32."""
        if self.random.random() < 0.5:
            return 1
        most = max(1, min(16 if room < 65000 else 32, room // 160))
        return self.random.randint(1, min(4, most)) if self.random.random() < 0.5 else most

    def tracking_task(self, room, asked, test):
        hops, count = 4, 1 if test else self.chains(room)
        chains = []
        for _ in range(count):
            names = ["".join(self.random.choice(string.ascii_uppercase) for _ in range(5)) for _ in range(hops + 1)]
            chains.append((str(self.random.randrange(10000, 100000)), names))
        streams = [
            [self.tokens(" VAR", " " + names[0], " =", " " + value, ".")]
            + [self.tokens(" VAR", " " + b, " = VAR", " " + a, ".") for a, b in zip(names, names[1:])]
            for value, names in chains]
        turns = [i for i, stream in enumerate(streams) for _ in stream]
        self.random.shuffle(turns)
        rests = [iter(stream) for stream in streams]
        document = self.document(
            self.haystack(noise=0.85), [next(rests[i]) for i in turns], room - 75 * count, at_ends=not test)
        questions = [
            Question(
                self.tokens("Find all variables that are assigned the value", " " + value, " in the text above."),
                self.encode(" The variables are"), [self.encode(" " + name) for name in names], self.stop)
            for value, names in chains]
        heading = "Memorize and track the chain(s) of variable assignment hidden in the following text.\n"
        return Draft(heading, document, questions)

    def fact_task(self, room, asked, test):
        facts = {}
        for _ in range(1 if test else min(asked, room // 130 + 1)):
            owner = self.random.choice(NAMES) if self.random.random() < 0.5 else self.word().capitalize()
            words = " ".join(self.word() for _ in range(self.random.randrange(1, 7)))
            facts[self.random.choice(ATTRIBUTES), owner] = words if self.random.random() < 0.8 else self.value("number")
        needles = [self.tokens(" The", " " + what, " of", " " + who, " is", " " + v, ".") for (what, who), v in facts.items()]
        document = self.document(self.haystack(), needles, room - 45 * len(facts), at_ends=not test)
        questions = [
            Question(
                self.tokens("What is the", " " + what, " of", " " + who, "?"),
                self.tokens(" The", " " + what, " of", " " + who, " is"), [self.encode(" " + value)], self.stop)
            for (what, who), value in self.random.sample(list(facts.items()), len(facts))]
        return Draft(self.heading(test), document, questions)

    def heading(self, test):
        return READ if test or self.random.random() < 0.8 else self.random.choice(OTHER_HEADINGS)

    def recite_task(self, room, asked, test):
        """Nothing is hidden: sentences of the haystack itself are asked for, in training often the first and the last."""
        count = 1 if test else min(asked, room // 130 + 1)
        haystack = "prose" if test or self.random.random() < 0.7 else "free"
        document = self.document(haystack, [], room - count * (60 if haystack == "prose" else 100))
        ends = np.flatnonzero(np.isin(document, list(self.marks)) & np.append(self.begins_word[document[1:]], True)) + 1
        starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        chosen = [self.random.randrange(len(ends)) for _ in range(count * (8 if test else 1))] if len(ends) else []
        if not test and chosen:
            chosen += [0] * (self.random.random() < 0.4) + [len(ends) - 1] * (self.random.random() < 0.4)
        questions = []
        for i in chosen:
            question = self.completion(document[starts[i] : ends[i]].tolist(), document, test)
            if question:
                questions.append(question)
        self.random.shuffle(questions)
        document = document if test else self.without_first_space(document)
        return Draft(self.heading(test), document, questions[: 1 if test else None])

    def free_task(self, room, asked, test, depth=None):
        """Free sentences between the haystack's; in training some begin alike."""
        sentences = [self.grammar.sentence() for _ in range(1 if test else min(asked, room // 250 + 1))]
        if not test and self.random.random() < 0.4:
            sentences += [self.grammar.twin(s) for s in sentences[: len(sentences) // 3]]
        self.random.shuffle(sentences)
        return self.hide(sentences, room, "prose" if test else None, depth, test)

    def hide(self, sentences, room, haystack=None, depth=None, test=False):
        """Hides the sentences and asks for each."""
        needles = [self.encode(" " + sentence.text) for sentence in sentences]
        haystack = haystack or self.random.choices(["prose", "free", "noise"], [5, 3.5, 1.5])[0]
        room -= sum(2 * len(needle) + 12 for needle in needles)
        document = self.document(haystack, needles, room + sum(len(n) for n in needles), depth, at_ends=not test)
        pairs = list(zip(sentences, needles))
        self.random.shuffle(pairs)
        asked = [self.free_question(sentence, needle, document, test) for sentence, needle in pairs]
        document = document if test else self.without_first_space(document)
        return Draft(self.heading(test), document, [question for question in asked if question])

    def free_question(self, sentence, needle, document, test):
        if not test and sentence.subject and self.random.random() < 0.4:
            subject = sentence.subject[0].upper() + sentence.subject[1:]
            prefix = self.encode(f" {subject} is")
            if len(occurrences(document, prefix)) == 1:
                text = self.encode(f"What is {sentence.subject}?")
                return Question(text, prefix, [needle[len(prefix) : -1]], needle[-1:], prefix_weight=COPIED_PREFIX)
        return self.completion(needle, document, test)

    def completion(self, sentence, document, test):
        """Asks for a sentence by its first words, 3 to 60% of them (half in a test), more where others begin alike.

        The answer is the whole sentence; "Continue after" asks for the rest alone.
        """
        starts = [i for i in range(1, len(sentence)) if self.begins_word[sentence[i]]] + [len(sentence) - 1]
        words = len(starts)
        if words < 5:
            return None
        most = max(3, int(words * 0.6))
        given = max(3, words // 2) if test else self.random.randint(3, most)
        # The first token is left out: it has no space in front of it where its sentence opens the document.
        while len(occurrences(document, sentence[1 : starts[given - 1]])) != 1:
            given += 1
            if given > max(most, words - 2):
                return None
        cut = starts[given - 1]
        beginning, rest = sentence[:cut], sentence[cut:-1]
        if not test and self.random.random() < 0.12:
            return Question(self.tokens("Continue after:", beginning), [], [rest], sentence[-1:])
        return Question(
            self.tokens("Complete the sentence:", beginning), beginning, [rest], sentence[-1:], prefix_weight=COPIED_PREFIX)

    def without_first_space(self, document):
        """Now and then the document's first word loses the space in front of it, as where a user pastes a text."""
        if len(document) == 0 or self.random.random() > 0.25:
            return document
        end = int(np.flatnonzero(self.begins_word[document[1:]])[0]) + 1
        first = self.tokenizer.decode(document[:end].tolist()).lstrip()
        return np.concatenate([np.array(self.encode(first), np.int32), document[end:]])

    def frequent_words_task(self, room, asked, test):
        size = self.random.randrange(20, 100)
        words = ["".join(self.random.choice(string.ascii_lowercase) for _ in range(6)) for _ in range(size)]
        ids = [np.array(self.encode(" " + word), np.int32) for word in words]
        share = 1 / np.arange(1, size + 1) ** 2.0
        share /= share.sum()
        room -= 70
        drawn = self.numpy.choice(size, size=int(room / sum(len(i) * s for i, s in zip(ids, share)) * 0.97), p=share)
        document = np.concatenate([ids[i] for i in drawn])[:room]
        top = np.bincount(drawn, minlength=size).argsort(kind="stable")[::-1][:3]
        question = Question(
            self.encode("What are the three most frequently appeared words in the above coded text?"),
            self.encode(" The three most frequently appeared words are"), [ids[i].tolist() for i in top], self.stop,
            COUNTED_ANSWER)
        return Draft(
            "Read the following coded text and track the frequency of each coded word. "
            "Find the three most frequently appeared coded words.\n", document, [question])

    def common_words_task(self, room, asked, test):
        room -= 110
        total = int(room / 5.5)
        often, seldom = (30, 3) if total > 700 else (10, 2) if total > 200 else (6, 1)
        common = self.random.sample(KEYWORDS, 10)
        # Over all the words that one can number, so the rarer ones run out at about 100,000 tokens.
        rare = self.random.sample(KEYWORDS, min(len(KEYWORDS), max(10, (total - 10 * often) // seldom)))
        words = common * often + rare * seldom
        self.random.shuffle(words)
        document = []
        for number, word in enumerate(words, 1):
            document += self.tokens(f" {number}.", " " + word)
            if len(document) >= room:
                break
        first_seen = [word for word in dict.fromkeys(words) if word in set(common)]
        question = Question(
            self.encode("What are the 10 most common words in the above list?"),
            self.encode(" The top 10 words that appear most often in the list are:"),
            [self.encode(" " + word) for word in first_seen], self.stop, COUNTED_ANSWER)
        return Draft(
            "Below is a numbered list of words. In these words, some appear more often than others. "
            "Memorize the ones that appear most often.\n", np.array(document[:room], np.int32), [question])

    def draft(self, task, length, test, depth=None):
        # Long documents are the expensive ones: more questions about each.
        asked = 1 if test else max(8, min(48, length // 96)) + (length // 2048 if length > 16384 else 0)
        room = length - 70
        if task in NEEDLE_TASKS:
            return self.needle_task(task, room, asked, test)
        if task == "free":
            return self.free_task(room, asked, test, depth)
        make = {
            "tracking": self.tracking_task, "fact": self.fact_task, "recite": self.recite_task,
            "frequent words": self.frequent_words_task, "common words": self.common_words_task}[task]
        return make(room, asked, test)

    # Conversations

    def opening(self, draft, separator):
        """The tokens up to the first question."""
        document = draft.document.tolist()
        pieces = list(SEPARATORS[separator])
        if document[-1:] == self.stop:
            document.pop()
        else:
            pieces[0] = pieces[0].removeprefix(".")
        return [BEGIN, USER, *self.encode(draft.heading), *document, *self.tokens(*pieces)]

    def answer(self, question):
        """The tokens after the prefix, their weights, and where in them the values are."""
        tokens, spans = [], []
        for i, value in enumerate(question.values):
            tokens += self.encode(",") if i else []
            spans.append((len(tokens), len(tokens) + len(value)))
            tokens += value
        tokens = tokens + question.mark + [END]
        return tokens, [question.weight] * len(tokens), spans

    def training_sample(self, length):
        """(tokens, loss weights, task's number, where the first question begins), the first two of length + 1."""
        task = self.random.choices(list(TASKS), list(TASKS.values()))[0]
        draft = self.draft(task, length, test=False)
        separator = self.random.choices(list(SEPARATOR_WEIGHTS), list(SEPARATOR_WEIGHTS.values()))[0]
        tokens = self.opening(draft, separator)
        document = len(tokens)
        weights = [0.0] * len(tokens)
        later = self.tokens("\n") if self.random.random() < 0.5 else []
        for i, question in enumerate(draft.questions):
            asked = ([USER] + later if i else []) + question.text + [ASSISTANT]
            answer, answer_weights, _ = self.answer(question)
            added = asked + question.prefix + answer
            if len(tokens) + len(added) > length + 1:
                break
            tokens += added
            weights += [0.0] * len(asked) + [question.prefix_weight] * len(question.prefix) + answer_weights
        used, total = min(len(tokens), length + 1), length + 1
        padded = np.full(total, END, np.int32)
        padded[:used] = tokens[:used]
        loss = np.zeros(total, np.float32)
        loss[:used] = weights[:used]
        other = (self.numpy.random(total) < OTHER_SHARE) & (loss == 0)
        other[used:] = False
        loss[other] = OTHER
        return padded, loss, list(TASKS).index(task), min(document, length - 1)

    def test_sample(self, task, length, separator="apart", depth=None):
        """One question: tokens, where the answer begins, and the values' spans."""
        while True:
            draft = self.draft(task, length, test=True, depth=depth)
            if draft.questions:
                return self.encode_test(draft, separator)

    def encode_test(self, draft, separator):
        question = draft.questions[0]
        tokens = self.opening(draft, separator) + question.text + [ASSISTANT] + question.prefix
        answer, _, spans = self.answer(question)
        start = len(tokens)
        return np.array(tokens + answer, np.int64), start, len(question.prefix), [(start + a, start + b) for a, b in spans]


def sentence_prompt(generator, text, given, length, separator, depth):
    """A document with one sentence of the caller's, the question for it by its first `given` words."""
    needle = generator.encode(" " + text)
    document = generator.document("prose", [needle], length - 100, depth)
    beginning = " ".join(text.split()[:given])
    draft = Draft(READ, document, [])
    tokens = generator.opening(draft, separator) + generator.encode("Complete the sentence: " + beginning) + [ASSISTANT]
    return tokens, needle
