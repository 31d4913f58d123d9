"""The words that training texts are made of. `Sources/Evaluation/Text/Lexicon.swift` holds the same lists."""
from pathlib import Path

# About six thousand English words of three to eight letters: keys, values, counted words.
KEYWORDS = Path(__file__).with_name("words.txt").read_text().split()

NOUNS = """
    anchor apple archive arrow attic baker balcony banner barn barrel basket beacon bell bench blanket boat
    book bottle box bridge brook broom bucket button cabin cable camel camp candle canoe canvas carpet cart
    castle cellar chair channel chapel charter chest chimney church circle clerk cliff clock cloth cloud coast
    coat coin comet compass copper cord corner cottage cotton council country courtyard cousin cradle creek
    crop crown curtain desk diary dock door drawer drum dune eagle engine envelope errand fabric factory farm
    feather fence ferry festival fiddle field fire fisherman flag flame flask flood flour flute forest
    fountain fox frame friend frost furnace garden gate glacier glass glove goat grain granary grandfather
    grove guard guest guild hall hammer harbor harp harvest hat hawk hay hearth hedge helmet herd hill hinge
    honey horn horse hotel house inn island jacket jar jewel journal journey judge kettle key king kitchen
    kite ladder lake lamp lantern leaf ledger letter library lighthouse linen lock loft loom lumber machine
    map market mast meadow medal melody merchant mill miller mine mirror monk moon mountain museum needle
    neighbor net notebook oak oar ocean office orchard oven owl painter palace paper parcel parish path pearl
    pen pepper piano picture pier pigeon pillow pine pipe plain plow pocket poem pond porch port potter
    prairie prince quarry quilt raft railway rain ranch raven reef ribbon ridge ring river road rocket roof
    root rope rose rudder sail salt saddle school scroll seed shadow shepherd ship shoe shop shore shovel
    silver singer skirt sled smith snow soldier song spoon spring stable staircase station statue stone storm
    stove stranger stream street sugar sun surgeon swan table tailor teacher temple tent thread throne ticket
    timber tower train treasure tree trumpet tunnel turtle uncle valley vase vessel village vineyard violin
    visitor wagon wall watch water weaver well wharf wheat wheel widow willow wind window winter wolf wool
    workshop yard
""".split()

VERBS = """
    admired answered borrowed bought broke brought built buried burned called carried carved caught chased
    chose cleaned climbed collected copied counted covered crossed described discovered drew drove examined
    feared fed fixed followed forgot found gathered gave guarded heard held helped hid hired ignored inspected
    joined kept kicked knew lent lifted lit loaded locked lost loved made measured mended missed moved named
    noticed offered opened ordered owned painted passed planted polished praised promised pulled pushed raised
    reached read recorded remembered repaired replaced rescued returned rolled saved sent shook showed
    sketched sold stole stored studied swept taught threw took traded trusted visited washed watched weighed
    wrapped wrote
""".split()

ADJECTIVES = """
    ancient amber bitter black blue brave bright broad broken bronze busy calm careful cheap clean clever cold
    common crooked curious dark deep distant double dry dusty early eager elegant empty faint famous fierce
    fine flat foreign forgotten fragile fresh friendly gentle golden grand gray green hallow happy heavy
    hidden high hollow honest humble idle iron ivory kind lame large late lazy light little lonely long loud
    low lucky merry mild modest narrow neat new noble northern odd old open orange pale patient plain polite
    poor proud purple quick quiet rare red rich rough round royal rusty sad scarlet secret sharp short shy
    silent silver simple sleepy slow small smooth soft solid southern square steep stern stiff strange strong
    sturdy sweet swift tall thick thin tidy tiny tired violet warm weary western white wide wild wise wooden
    yellow young
""".split()

NAMES = """
    Ada Adam Agnes Albert Alice Amelia Amos Anna Arthur Beatrice Benjamin Bertha Caleb Carl Clara Cora Daniel
    David Dora Edith Edmund Edwin Eleanor Elias Eliza Emil Emma Esther Ethan Eva Felix Flora Frances Frank
    George Grace Greta Harold Hazel Helen Henry Hugo Ida Irene Isaac Ivan Jacob James Jane Jasper Joan Jonas
    Joseph Julia Karl Laura Leo Lewis Lena Lucas Lucy Lydia Mabel Marcus Margaret Maria Martha Martin Mary
    Matilda Max Mira Nathan Nina Nora Oliver Oscar Otto Paul Peter Phoebe Ralph Rebecca Robert Rosa Ruth
    Samuel Sarah Silas Simon Sofia Stella Theodore Thomas Ursula Victor Viola Walter William Zora
""".split()

PLACES = """
    Alderton Ashford Barrow Bellmere Birchwood Blackpool Bramley Brookfield Calder Carrick Coldwater Cranmoor
    Darrow Deepwell Dunmore Eastgate Elmstead Fairhaven Fenwick Foxhill Glenmore Greystone Halden Harrow
    Hartwell Hollins Ironbridge Kingsley Lakeside Langford Larkspur Linden Longmere Marlow Merrow Millbrook
    Northam Norwood Oakhurst Oldbury Pinewood Ravensworth Redcliff Rosedale Saltmarsh Sandwick Stonebridge
    Summerhill Thornbury Tidewater Underhill Waverly Westport Whitby Wickham Windmere Winslow Woodstock
""".split()

ATTRIBUTES = [
    "favorite color",
    "secret password",
    "best friend",
    "home town",
    "lucky number",
    "first job",
    "favorite song",
    "hidden treasure",
    "middle name",
    "oldest book",
    "locker code",
    "birth place",
    "favorite meal",
    "best thing to do",
    "most precious possession",
    "greatest fear",
    "travel plan",
    "phone number",
    "room number",
    "favorite animal",
]

# The haystack's sentences.
TEMPLATES = [
    "The {adjective} {noun} {verb} the {noun} near {place}.",
    "{name} {verb} a {noun} and the {adjective} {noun}.",
    "In {place}, every {noun} was {adjective}, but {name} never {verb} it.",
    "When the {noun} was {adjective} again, {name} went back to {place}.",
    "It was a {adjective} {noun}, and nobody {verb} it.",
    "Nobody in {place} {verb} the {noun} without a {noun}.",
    "{name} said that {name} {verb} the {noun} before the {adjective} {noun} came.",
    "After the {noun}, {name} {verb} the {adjective} {noun} in {place}.",
    "They {verb} the {noun} and {verb} the {noun} until the {noun} was {adjective}.",
    "Of all the {noun}s in {place}, only {name} {verb} the {adjective} one.",
    "The {noun} of {place} was {adjective} and {adjective}.",
    "{name} and {name} {verb} the {noun} by the {noun}.",
    "For years the {noun} stood by the {adjective} {noun} of {place}.",
    "Once, {name} {verb} the {adjective} {noun} from {place} to {place}.",
]

# RULER's noise haystack, one period of it.
NOISE = " The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again."
