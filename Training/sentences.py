"""Sentences: the haystack's few templates, and free sentences from a wide grammar with words nobody has seen before.

A small model that is trained on a few templates learns to copy words that are rare around it. Free sentences are full of
the words that are not: articles, prepositions, conjunctions, and of names that fall into many subword pieces. To copy
those it has to follow the sentence, not the word.
"""
import re
from dataclasses import dataclass

from lexicon import ADJECTIVES, KEYWORDS, NAMES, NOUNS, PLACES, TEMPLATES, VERBS

HAYSTACK_WORDS = dict(noun=NOUNS, verb=VERBS, adjective=ADJECTIVES, name=NAMES, place=PLACES)

PREPOSITIONS = """in on at by for with from to of near under over between behind above across along around before
    after during through toward without within against beyond beside into onto past until since about like""".split()
FUNCTION_WORDS = PREPOSITIONS + """the a an and or but so if when while because that which who it its is was are were be
    been has have had do did not no as than then there here this these those he she they we you I his her their our
    your my all some any each every both only just also very too most more less can could will would should may
    might must what where how why up down out off again once never always often""".split()
DETERMINERS = "the the the a a an this that every each some no one my your his her their our its another".split()
BASE_VERBS = """eat sit walk read write sing swim drink buy sell find lose open close cook watch visit take bring carry
    paint repair build plant count climb cross follow borrow return send hide keep throw catch draw drive ride sleep
    wait listen talk dance play learn teach mix boil bake cut wash fold wear clean call help meet ask answer start
    stop remember forget save spend share rent feed grow pick pack turn hold push pull leave enter join""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
RELATIVES = "mother father sister brother aunt uncle cousin neighbor friend teacher boss doctor grandmother son".split()
THINGS = "thing place way time reason book meal road view gift song idea word plan trick part day food drink tool".split()
SUPERLATIVES = "best worst first last only oldest most-loved cheapest finest strangest nicest safest next main real".split()
SYLLABLE_STARTS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl fr gl gr kr pl pr sh sl sn st str th tr".split() + [""]
SYLLABLE_VOWELS = "a e i o u a e i o ai au ea ee ei ia ie io oa oo ou y".split()
SYLLABLE_ENDS = ["", "", "", "", *"b d g k l m n p r s t x nd ng ns rk rn rt sk st".split()]


def haystack_sentence(random):
    """One sentence of the haystack, without the space before it."""
    template = random.choice(TEMPLATES)
    return re.sub(r"\{(\w+)\}", lambda slot: random.choice(HAYSTACK_WORDS[slot.group(1)]), template)


@dataclass
class FreeSentence:
    """A sentence with its closing mark; `subject`: what stands before its " is", where one can ask "What is ...?"."""

    text: str
    subject: str | None = None


class FreeGrammar:
    """Draws free sentences of about 8 to 25 words."""

    def __init__(self, random, subwords):
        """subwords: the vocabulary's lower-case pieces that do not begin a word, for names of unlikely pieces."""
        self.random = random
        self.subwords = subwords
        self.patterns = [
            self.definition, self.definition, self.event, self.event, self.event, self.condition, self.report,
            self.amount, self.biography, self.advice, self.opinion, self.quotation, self.listing,
        ]

    def sentence(self):
        """Three quarters grammar, one quarter words in no order."""
        for _ in range(20):
            drawn = self.salad() if self.random.random() < 0.25 else self.random.choice(self.patterns)()
            if 7 <= drawn.text.count(" ") + 1 <= 26:
                return drawn
        return self.salad()

    def twin(self, other):
        """A sentence that begins as another one does and goes on differently, so that a short match misleads."""
        words = other.text.split(" ")
        rest = self.sentence().text.split(" ")
        shared = self.random.randrange(2, max(3, len(words) // 2))
        return FreeSentence(" ".join(words[:shared] + rest[min(shared, len(rest) - 4) :]))

    # Words

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, words):
        return self.random.choice(words)

    def syllables(self, count):
        pick = self.pick
        return "".join(pick(SYLLABLE_STARTS) + pick(SYLLABLE_VOWELS) + pick(SYLLABLE_ENDS) for _ in range(count))

    def invented_word(self):
        if self.chance(0.4):
            return "".join(self.pick(self.subwords) for _ in range(self.random.randrange(1, 4)))
        return self.syllables(self.random.randrange(1, 4))

    def name_word(self):
        draw = self.random.random()
        if draw < 0.25:
            return self.pick(NAMES + PLACES)
        if draw < 0.5:
            return self.pick(KEYWORDS).capitalize()
        if draw < 0.97:
            return self.invented_word().capitalize()
        return self.invented_word()[: self.random.randrange(2, 5)].upper()

    def name(self):
        return " ".join(self.name_word() for _ in range(self.pick([1, 1, 2, 2, 3])))

    def noun(self):
        draw = self.random.random()
        if draw < 0.08:
            return self.invented_word()
        if draw < 0.12:
            return self.pick(KEYWORDS) + "-" + self.pick(NOUNS)
        return self.pick(NOUNS) if draw < 0.55 else self.pick(KEYWORDS)

    def adjective(self):
        return self.pick(ADJECTIVES) if self.chance(0.6) else self.pick(KEYWORDS)

    def number(self):
        integer = self.random.randrange
        return self.pick([
            lambda: str(integer(2, 100)), lambda: str(integer(1500, 2100)), lambda: f"{integer(1, 900)},{integer(1000):03}",
            lambda: f"${integer(1, 5000)}", lambda: f"{integer(1, 99)}%", lambda: f"{integer(0, 60)}.{integer(10)}",
            lambda: self.pick("two three four five six seven eight nine ten twelve twenty forty".split()),
        ])()

    def clock(self):
        return f"{self.random.randrange(1, 13)}:{self.random.randrange(60):02}" + self.pick(["", " am", " pm"])

    # Phrases

    def noun_phrase(self):
        draw = self.random.random()
        if draw < 0.25:
            return self.name()
        if draw < 0.32:
            return f"{self.number()} {self.adjective()} {self.noun()}s"
        if draw < 0.38:
            return f"{self.name()}'s {self.noun()}"
        words = [self.pick(DETERMINERS)] + [self.adjective() for _ in range(self.pick([0, 1, 1, 2]))] + [self.noun()]
        if draw > 0.88:
            words += ["of", self.pick([self.name, lambda: "the " + self.noun()])()]
        return " ".join(words)

    def place_or_time(self):
        article = lambda: f"{self.pick(['the', 'a'])} {self.adjective()} {self.noun()}"
        return self.pick([
            lambda: f"in {self.name()}", lambda: f"in the {self.noun()}", lambda: f"on {self.pick(DAYS)}",
            lambda: f"on a {self.adjective()} day", lambda: f"at {self.clock()}", lambda: f"in {self.pick(MONTHS)}",
            lambda: f"at the {self.noun()} of {self.name()}", lambda: f"by {article()}",
            lambda: f"{self.pick(PREPOSITIONS)} {self.noun_phrase()}", lambda: f"{self.pick(PREPOSITIONS)} {article()}",
        ])()

    def action(self):
        """A verb in its base form with what belongs to it: "sit in Dolores Park"."""
        verb = self.pick(BASE_VERBS)
        form = self.random.random()
        if form < 0.45:
            return f"{verb} {self.noun_phrase()}"
        if form < 0.75:
            return f"{verb} {self.place_or_time()}"
        return f"{verb} {self.noun_phrase()} {self.place_or_time()}"

    def clause(self):
        return f"{self.noun_phrase()} {self.pick(VERBS)} {self.noun_phrase()}"

    # Sentences

    @staticmethod
    def closed(text, mark="."):
        return FreeSentence(text[0].upper() + text[1:] + mark)

    def definition(self):
        """The X is Y: the form that a question can ask about."""
        subject = self.pick([
            lambda: f"the {self.pick(SUPERLATIVES)} {self.pick(THINGS)} to {self.pick(BASE_VERBS)} {self.place_or_time()}",
            lambda: f"the {self.pick(SUPERLATIVES)} {self.noun()} {self.place_or_time()}",
            lambda: f"the {self.adjective()} {self.noun()} of {self.name()}",
            lambda: f"the {self.noun()} {self.pick(['for', 'of', 'in', 'from', 'near'])} {self.name()}",
        ])()
        rest = self.pick([
            lambda: f"{self.pick(['', 'to '])}{self.action()} and {self.action()}",
            lambda: f"{self.pick(['', 'to '])}{self.action()} {self.place_or_time()}",
            lambda: f"{self.noun_phrase()} {self.place_or_time()}",
            lambda: f"{self.adjective()}, {self.adjective()} and {self.adjective()}",
            lambda: f"that {self.clause()} {self.place_or_time()}",
        ])()
        sentence = self.closed(f"{subject} is {rest}")
        sentence.subject = subject
        return sentence

    def event(self):
        text = f"{self.clause()} {self.place_or_time()}"
        if self.chance(0.5):
            text += self.pick([", and ", " and ", " while ", " because ", ", but ", " until ", " after ", "; "]) + self.clause()
        elif self.chance(0.5):
            text += " " + self.place_or_time()
        if self.chance(0.3):
            text = f"{self.place_or_time()}, {text}"
        return self.closed(text, self.pick(["."] * 18 + ["!", "?"]))

    def condition(self):
        start = self.pick(["if you", "when you", "before you", "unless we", "whenever they", "as soon as I"])
        return self.closed(f"{start} {self.action()}, {self.action()} {self.pick(['and', 'or', 'but never'])} {self.action()}")

    def report(self):
        start = self.pick([
            lambda: f"my {self.pick(RELATIVES)} always told me that", lambda: f"according to {self.name()},",
            lambda: f"it is well known that", lambda: f"{self.name()} wrote in the {self.noun()} that",
            lambda: f"nobody in {self.name()} believed that",
        ])()
        return self.closed(f"{start} {self.clause()} {self.place_or_time()}")

    def amount(self):
        return self.closed(
            f"there are {self.number()} {self.noun()}s and {self.number()} {self.noun()}s {self.place_or_time()}, "
            f"{self.pick(['but', 'and', 'so'])} {self.clause()}")

    def biography(self):
        year = self.random.randrange(1500, 2100)
        return self.closed(
            f"{self.name()} was {self.pick(['born', 'seen', 'built', 'found', 'married', 'sold'])} in {self.name()} on "
            f"{self.pick(MONTHS)} {self.random.randrange(1, 32)}, {year}, and {self.pick(VERBS)} {self.noun_phrase()}")

    def advice(self):
        return self.closed(
            f"to {self.action()}, you {self.pick(['must', 'should', 'have to', 'can', 'may not'])} first {self.action()} "
            f"and then {self.action()}")

    def opinion(self):
        return self.closed(
            f"it {self.pick(['is', 'was', 'would be'])} {self.adjective()} to {self.action()} {self.place_or_time()} "
            f"{self.pick(['because', 'although', 'if', 'since', 'now that'])} {self.clause()}")

    def quotation(self):
        spoken = f'{self.name()} said, "{self.action()} {self.place_or_time()},"'
        return self.closed(f"{spoken} and {self.pick(VERBS)} {self.noun_phrase()}")

    def listing(self):
        items = [self.noun_phrase() for _ in range(self.random.randrange(2, 5))]
        listed = f"{self.name()} {self.pick(VERBS)} {', '.join(items)}"
        return self.closed(f"{listed} and {self.noun_phrase()} {self.place_or_time()}")

    def salad(self):
        """Words in no order, half of them function words: nothing but the place in the sentence says what follows."""
        words = []
        for _ in range(self.random.randrange(8, 22)):
            draw = self.random.random()
            if draw < 0.5:
                words.append(self.pick(FUNCTION_WORDS))
            elif draw < 0.75:
                words.append(self.noun())
            elif draw < 0.85:
                words.append(self.name_word())
            elif draw < 0.9:
                words.append(self.number())
            else:
                words.append(self.adjective() + self.pick(["", "", "", ","]))
        return self.closed(" ".join(words).rstrip(","))
