extension Lexicon {
    /// About six thousand English words of three to eight letters, the stock of keys, values and counted words.
    ///
    /// The list is long so that keys are rarely alike: a needle's key is one of tens of millions of pairs.
    package static let keywords = words(
        """
        aardvark abaft abalones abandon abandons abate abating abbots abhor abide abjured about abridge
        abrupter absents absurd absurdly abundant abuzz academic accrual accruals accruing accursed aced
        ached achier achieve achiever acidify acids acne acorn acquits acrobats acting actress actuated
        acuity acute adage adapt adaptive adaptor adduces adenoids adept adhered adjoin adjoins adjourns
        adjudges adjusts admire admires admitted adopted adoptive adoring adrenals adulated adult adultery
        advance advanced adverbs advert advisors aerate aerators aerosols aesthete affairs affect affected
        afflict affluent affronts afghan agape ageings agencies agnostic ago agonize agonized agreeing ahem
        aid aided aids ailed ails aimless airdrops airfield airily airing airmail airs airship airstrip airy
        alacrity alarmist alarms albacore albinos albums alchemy alcoves aldermen ale alert alerts ales
        algae algebra alibi alibied alienate alight aligning aline alkaloid allegro alley allocate allowing
        allows alloyed alluvia ally alohas alpha already alter altered aluminum alumnae alumni amalgams
        amassing amateurs amazes amazons ambiance ambience ambles ambling ameba amebas ameer ameers amenable
        amend amoebae amorally amounted amours amperes ampler amplest ampule amused analysis analyzes
        anapest androids anger angora animate aniseed ankh annealed anneals annuity anoint anoints anomaly
        anon anoraks answered antacids ante anteroom antes antibody antigens antimony antiqued antiques
        antis antlers any aortae apart apexes aphorism apoplexy apostles apparels appealed appeals appear
        appears appeaser appendix applied apply appoints apprize apprized apron aprons apse apter aptness
        aquarium aquas aquavit arbutus arcade arch archaic arched archer archived arctics area argots argued
        argyle arid aright arm armful armholes armors armrest aromatic arraign arrests arrives arrogant
        arsenal arsenic arson artefact article artsiest ascots ascribes aseptic ashes ashtray ask asks
        aslant aspirins ass assassin assaults assay asserted assess assessor assholes assist assoc assuages
        assured astral astride astute athlete athletes atolls atomic atoms atrocity attacked attain attended
        attest attiring attract audit auditing auditors augur aura aureole auricles austerer author authored
        avail avails avenge avenged avenues averages averted aviaries aviators await awaiting awaked
        awakened awakens award awed aweigh axis azures babbler babbling babe babiest babyhood bachelor
        bacillus backhand backpack backwash baddest badger badgered bag bah baiting baits balds balks ball
        ballast ballsier ballsy balmy balsam balsams balsas bamboos band bandage bandana bandanas bandier
        bandy bane bang banked bankers banning banquet banquets banter banyans barbaric bare bareback barges
        barmaid barnacle barneys baronial barracks barrens barriers barrings barrios barrooms baseman bases
        bashes bashing basics basil basins basked basses bassist bastes batches bate bated bates bathed
        bathos bathroom bathtub bating baton bats battened battles bauds bawdily bawling baying bayonets
        bayou bazaars bazookas beaching bead beads beady beak beaker beam beaming beanbag beaning bearable
        bears bearskin beasts beaten beatific beauty beavers bebops bedpan bedrocks bedstead bedtimes beef
        been beeped beetle befog befoul beggar begins begs beguiled beguiles behaving beheads behooves
        belated bellhop bellows belong belonged belts beltways bemoan bemuses benching beneath benefit
        berates bereave bereft berg berms beseech besieged besotted bespeak betake betaking betas bethinks
        betokens betook betroths bevels beverage bewaring bewitch bicep bickers biddies biennial bigamy
        biggies bights biked bikers bikes billed billeted billets billowy bills binge binged binges binning
        birching bird biscuit bistro bites bitterly bivalve blacken blackout bladders bland blandly blanked
        blanks blares blasting blasts blazons bldg bleached bleaker bleat bleating blended blesses blight
        blinder bling blink blinks blither bloated blob blockade blogging blondes bloodied blooding bloomed
        bloomer blooming blooper blouses blousing blowers blowguns blueing bluer bluffest bluing bluntest
        blunts bluster boa boast boated boaters boatman bobsleds bodegas bodies boding bogeyman bogging
        bogies boilings boldness bolting bolts bombast bombings bonanza bonanzas bonbon bond bone bonfires
        bonkers bonnet bonnier bonus booby boogie book bookcase bookend bookworm boons bootie bootless boots
        bore borers bosom bosoms bossier botany botched botches bother botnets botulism bouffant boughs
        bouncers bounces bounding bourbon bovines bowing bowled boy boyhoods bozos brace braced bracken
        bracket brackets bracts braggart braggers bragging brainier braising braking bran braving brawlers
        brawls brayed brazenly breads break breaker breath breeder breeding brewer bribes briefing brigand
        brisk briskly brittle broaden broadens broadly brocaded broiler bronchi broncho brook broom brooms
        brothel brother browbeat browsed browser brunets brunette brushed bruskest brutal bubbles buckler
        bucklers buckskin bucolics budged budges budget budgets budging buffing bugged bugle builders builds
        bulged bulgiest bulgy bulked bulldoze bullion bulrush bumming bumped bumping bung bunged bunion
        bunks buoyed burbles burdock bureau burg burglars burgled burgling burgs buries burn burnout burring
        burritos burrows burrs bursts busby bushels bushing bushman business busing buss butch butters buxom
        buyers buzzword cabbage cabled cabling caboose cacaos cached cachets cackles cactuses cadet cadged
        cadges caducei cagey calcify calcine calcium caldrons calendar calicos caliper calking calkings
        callous calmer calming calve calypso calyxes cambia cambium cambiums campus campuses campy canceled
        candidly candies canines cannier cannily cannoned canny canoeing canoes canopied canopies cantata
        cantatas canteens canto canyons capitols capsule captions captives captors caracul carat caravan
        cardiac careens career carfare cargoes caring carjack carnally carotids carouser carpal carpals
        carped carpet carrels carried carrier carton cartoon carvers caryatid case casement cashed cashew
        cashiers castle castors casts catch catchers cater catering cats cattiest catting caucused caudal
        caulked causal cavalier caveat cavern cavilled caw ceded cedes ceding ceiling cellist cello cenotaph
        censers cent cents ceramic ceramics cereal cerebral cerulean cervical cessions chads chaff chairmen
        chalet chalets chalkier chammy chance chancel chances chancier changes chanters chanties chap chapel
        charcoal charged charily chars chart charter chasm cheap cheater cheating cheek cheeking cheesier
        cheetahs chem cheroots chests chew chewing chews chicken chickpea chignons children chiming chinning
        chipped chit chitlins chive chives chloride chocks choice choir cholera chomp chooses choppy chorus
        chromes chugs chummed chunkier churches churning chutzpah chyron cilium cinched cindered cinemas
        circlet circlets circuses cis citadels cities citizen citizens citron civilize clambers clamored
        clamp clamped clamping clashed clashing clasping classify clatter clavicle claws cleanses cleared
        cleats cleaver cleavers clemency clergy clews click clicked clicking climates clings clingy clinic
        clipper clippers clipt clique cloche cloches clocks clot cloth clothier clots clotted cloud cloudy
        clowned cloyed clubbing cluck clucked clued clues clumsier clvii coached coarse coax coaxing cobweb
        coccyges coccyxes cochleae cockades cockles cocoon cocooned coda coddling coded coding coed coexist
        coffers coffin cogency cohabits cohesion coifing coifs coiled coin coldest coleslaw colitis collage
        collapse collars collate collects collies collude colluded colonels colored colts column columned
        comas combing comedic comedy comfort comic comical coming comm commode company compare compel
        competes compiles complex comport composed composer conceit concepts concerts conchs conclude
        concoct condo condoles conducts conduit conduits conflict conforms confused congaed congaing
        conjured conjuror conking conks conned connive connived conniver consents consider consist consists
        consorts consular consult consults consumed contorts contrast convened conveyer convoyed cooled
        cooler cooling coops cootie coots cop copied copier copies copings copped coppice copulate corals
        cordless cordoned cords corneal corneas corner corners corning cornrow corona coroner coronet
        corpora corps corpses corrodes cortex cosies cosigned cost coterie cotes could counsel counsels
        country county couplets courier courses courtier courts coverage covering covert coveted covetous
        coward cowbirds cowered cowhand cowpokes coxswain cozen cozened cozies cracking cradled cradling
        crafty craggier craggy crags cramped crania crank crankier cranks crash crassest crated crates
        cravat crave cravens crazes creaking creaky create created creators credenza credited creeks
        creeping cremates creole crepes cresting crew crewed crewing cribs criers cries crime crinkles
        crispest critters croaked crooned crooners crowding crowds crowned crozier croziers crucible
        crucifix crud cruddier cruddy cruder crudity cruelly cruise cruising crumbing cruncher crusade
        crusted crusts crutch crux cruxes crying cubed cubes cubists cudgeled cuds cue cuff cuffing cuffs
        culling culpable cult culvert culverts cumin cumquats cup cupboard curable curators curdle curdles
        cure cured curl curled curlers curlier curly currant cursive curter curtsey curtsied cushier cushion
        cusp cussing custard customs cuteness cuter cutoff cutups cygnets cymbals cypress cysts czarinas
        dabble dabblers dabs dailies daintily dairies dairyman dallying damask damned dampened damply
        damsons dances dander dandle dandles dangled dapple dared darkroom darneder darning datum dawdler
        dawdles dawning daybeds daybreak daze dazing dazzles dazzling deadbolt deafness deal dealings dealt
        dearer debarks debased debating debts debug debugged debuts decamps decayed deceased deceit deceive
        decency decibels decision decking declined decorous decrease decrees dedicate deed deeded deeding
        deeds deepen deepened deeper deepfake defector deficit defiled deflect deflects defrayed deftness
        degrees deifies deigned deject deleting delivery delude deluxe delving demean demonic demount demure
        denials denied denies densely densest denuded deplaned deplete depleted deports deposing depraved
        depraves depress deprives deputed derail deranged deride derisory derrick describe deserves design
        desired desists despised destroy destroys detached detected detector detects dethrone deuce devalues
        devilish devilled devotees devoured dew dewberry dewier dextrous diabetes dial dialing dialogs dials
        diamonds diaries diarrhea diatom dibbled dicey dicier dickie dictate diehards diesel dieted dietetic
        diffuse diggers digraphs dilemmas dillies dinkiest dinner dioceses dioxide dip diplomas dirks
        dirtied dirtiest dis disband disciple disclaim disclose discords discrete disease disgrace dish
        dishpan dishrags disjoint dismayed disobey displays disport disports disposed dispute disrobe
        distend distil distill distinct distrait distress ditches ditties diurnal diva diverges divert
        diverts divide dividers divine divinity divisor divots divulge divulged divvying doable docile
        docility doctored document dodder dodders dodger doggie dogmata doldrums doll dolly dolmens dolphins
        dolt domains domes dominant donated dongles doodles doodling doormat dope doping dory dossier dot
        doted dotes doubled doubles doublets doubloon douche douches dourer dourest dousing dowel doweled
        downhill downsize dowse dozed dozen drabber drabs drachma drag dragnet dragoon dragoons drags
        drained drainer draining drakes drawer drays dreamed dreamers dreamily dredge drenched dribbled
        driblet dries drifts drinkers drinks dripped drive driver driveway driving drizzle drizzled droning
        drools droop droopier droopy dropped droppers droughts drouthes drover drudgery drudges drummer
        drunk drunkard dry drys dual duck duckbill duel duets duffer dugout dullard dumping dunged dungeon
        dungeons dunging dunked dunking dunner durably duress dusk dustbin dusting dustpan dutiable duties
        dutiful dwarfs dweebs dyking dynamism each earache earaches eardrum earfuls earn earned earning
        earring earrings earshot earthed eases easy eatery echoed echoing eclectic eczema edamame edged
        edgeways edgings edibles edict editor editors edits educate eerie eggplant egoistic egret eighth
        eighties eighty elapsed elapsing elastics electing elective elegy elephant elevated elevator elfin
        elfish elitists elliptic elm elope eloping elves emaciate emanate embargo embeds emblazon embraced
        embraces emends emeritus eminent emirate emitted emojis emoticon emoting emotions empanel emperor
        employ empower emptied emptily emulate emus encircle enclave enclose encoding encumber endears
        endemic endowed enemy enervate engraved engulfed enhancer enigmas enjoins enjoyed enlarge enlists
        enliven enlivens enmeshes enquire enraging enrols enshrine ensigns ensuing ensure ensured entangle
        ententes entirely entwines enures enuring envelops enviable environs envying eons epaulet epics
        epilepsy epoxy equal equaling equate equator equipage erasers erases erasing erects erg ergs erodes
        err errands errata erratas erratic erred error erupting eruption escapees eschew eschews esophagi
        espies espoused essayist esteemed esthete estrogen etch eternity ethereal ethos eulogies eulogize
        eunuchs euphoric eutectic evacuees evades evening evenly evenness event eventful ever every everyone
        evicting evidence evinces evolving exact exam exams exceeded excelled excepts excused execute
        exegeses exempts exercise exerting exhaled exhumes exhuming existent exoduses exorcism exotics
        expect expels expertly explodes exponent expos exposure expound exterior extinct extol extreme
        extremer exuding exulted eye eyelash eyelid eyes eyesore fables facelift facials facile faction
        faculty fade failing failings fails fainer fairies fake faker falloff falsest falsetto famines fan
        fancying fans faring farmed farmer farmyard farted fast fastness fasts fat fatalism fatheads
        fathered fatherly fatness fats fattiest faulted faults faulty favoring fawn fawned faze fazes
        fearsome feasts feathery fed feedings feeling feigning feistier feldspar felled felonies felt femurs
        fencer fencers fentanyl fern ferreted ferrous ferrules festoon festoons fests fetch feted fetus
        fetuses fever fez fiat fibbers fiber fibrous ficklest fiction fictions fiddled fiddling field
        fiendish fiercest fierier fifes fiftieth fighting filches filed filet filets filing filings fillet
        fillip films filmy filtered fin finalist finals find finely finger finished finishes fireball fired
        fireplug firewall firmed firmware firs fishbowl fishing fitness fitter fixate fixer fizzes fizzing
        flab flag flagged flakier flaming flange flanking flapjack flapped flare flash flashgun flatter
        flawless flayed flaying flea fleck fleshly flex flexes flextime flicks fliest flighty flimsy flint
        flints flipping flirts flog flogged floozie florae floridly florists flotilla flounces flouring
        flouts flows flue fluffed fluffier fluidity fluidly flukes flukey flung flunkey flunkeys flunking
        flunky fluorine fluorite flusher flusters fluting flybys flyleaf flyovers foaled foams fob focal
        focusing foetus fogies foisting folklore follies fondus font foobar fool fooled fooling footage
        footsies fops fora forage forager forbade forbears forbids forbore forceps fording forearm forelegs
        foremast forenoon forensic foresail forewent forge forging forgiven forked formal formats forsooth
        forswear forums fouled fouler found founds fountain fowls foxes foxtrot fracases frack fracking
        frail frame framer franc franking frantic frays frazzle freaky freckles freehand freeing freeload
        freer freeware freight frenzied frequent frescos freshly friars fridges frigidly frills fringe frog
        frogs frontier frosted frosting froth fruition frumpier fuelled fuels fugitive fulfill fulfills
        fumbled fumblers fums funerals funks furies furls furor furrows furs fused fuselage fusions fussy
        futzed futzing fuzes fuzz fuzzball fuzzy gabbed gabbled gabby gadded gadgetry gaggle gaily gained
        gainful gainsaid galaxy gallows gambits gamble gambles gambol gamboled gambols gamely games gamins
        gannets gantlets gap garages garbing gardens garlic garners garnish garottes garret garrotes gasket
        gaskets gasolene gasping gasps gassier gassiest gateway gather gaudily gauged gauziest gauzy gavotte
        gawky gay gazebos gear geckoes gee geese geisha gelds gemstone gender genes geniuses genres gentles
        gentries geocache geranium gewgaws ghosting giant giblets gift gifted gigged giggles gimmicks
        ginning giraffes girding girdled girdles girlish girt given givens gizmo gizmos gladiola gladly
        glads glamored glamors glassed glazier gleamed gleaming gleeful glibbest glimpse glint glitzier glob
        global globes globing glorying glossies glossing gluier gluttony glyph gnarl gnawn gnaws goaded
        gobbled gobbler god godchild godsons gofers golfers golfing gonad gone goner goners goodbye goodlier
        goods google gooier goosed goosing gorges gorilla goriness gotchas gourds gourmet gout gov governor
        gown gowns grabbing grade grading grads graduate grail grainy grand grandee grandees grandma grands
        grandson granges granite grapnels grass grassier grateful gravel graver graving gravity graying
        greasing greedier greedy green greenery gremlin grenade greying gridiron grids grill griming grimly
        grimmest grippe gristly grittier gritting grizzled groaning grocery groggier grokking grommet groom
        grooms grooved groovier groped grossed grouch group groupie grouse grouses grouted grouts groves
        grubs gruel gruesome gruffly grumbled grunts gryphon guaranty guard guardian guests guffawed guild
        guileful guilt guitar guitars gulfs gullet gullible gun gunmen gunshot gurgles gushier guttered
        guying guys guzzler gyrated gyro habit hacked hackish hackles hacks haddocks hag haggard haggle
        hagglers hail hailing hails hairnets hairs hales ham hammer hammered handbill handguns handler
        handout handpick handy hangar hangdog hanks hapless harass harbor hardball hardily hardtop hare
        hares harmed harness harrows harrying harsher harshly hart harts harvest hashing hasp hassled
        hassles hastily hatches hatchet hates haulers hauls hawking hayed haying hays hayseed hazes hazings
        hazy headers headgear headier headings headset headwind healing hearken hearsay hearses heart
        hearties hearts heat heavenly heaving heavy heavyset hectic hedge heedless heeling hefts heighten
        heights heirs helices heliport helium helmets helots helpers helping hemlock hems henna hennas
        heralds herds here heresies heritage hermit herniae hero heroics hertzes hewed hewer hibachis
        hickeys hieing highboy highs highway hijacker hilliest hilltop hilltops himself hind hing hinge
        hinged hinting hippies hippos hips his history hither hitting hive hived hoarsely hoarser hoaxes
        hoaxing hocking hoedown hoisted hoisting hokum holdouts holdover holier hollered hollowly homeland
        homer homers homes homily homonyms hone hones honey honeying honing honks hoodie hoodoo hoof hoofing
        hookah hookworm hooping hoopla hoorah hoorayed hooter hopefuls hopeless hormonal hormones horned
        hornier horns horrify hosing host hostess hostile hosts hotels hothead hotkeys hotly hotshot hours
        howdahs hued huff hulks hulled hulls humanism humans humdrum hummed hump humpback humping hums humus
        hunches hunk hunks huntsman hurdle hurdled hurrahs hurries hush huskies husks hussar hut hutches hwy
        hyacinth hydrogen hymn hymning hymns hypes hyphened hypnosis iamb iambics ibis icebound ideology
        ides idiot idling idolater idolatry idyll iffiest igneous ignites ignore ignored ill illusory images
        imagined imams imbedded imbibing imbuing imitate immense imminent impaled impales impasses impels
        impetus impiety implants implies implodes implored impolite importer imprint improved impulse impure
        impurer imputes inaction inaner inbound inbreeds incense inched incision incisive incisor inclined
        includes income incubi indecent indents indicted indicts indorse indues indulged inept inert inexact
        inexpert infancy infernos infidels inform infrared infringe infuse ingests ingrains inhabits inhale
        inhered inherit inhumane initials initiate inject injects inkblot inked inky inn innate innately
        inning insaner insects insofar insolent inspect inspects inspire instal instill insulate insult
        insured intend intended interact internal interred intone intro intrude intrusts intuit intuited
        inure invader invading invent inverses invoke invokes involve iodize ionizer iotas irks ironies
        ironware islands islets ism isolate isthmus italic italics itchy its ivies ivory jabbing jackal
        jackals jackass jackboot jackdaw jacket jackets jackpots jaded jalopies jamb jammed jamming jangle
        jangles janitor japing jaunts jaunty jazziest jazzing jazzy jeered jeers jellies jells jerkily
        jested jesting jetsam jeweled jewelers jewels jib jibes jigger jiggle jigsawed jilting jingle
        jingoism job jocosely jocund joggers joint jointing joke jokers jokes jollies jolted joshed jotting
        jousted joyed judo jugged jujubes julep jumble jumbles jumpiest jumpsuit junipers junket junkie
        junkyard juries juster justice kabob karma katydid kebab kebob keening keepers keeps kelp kernel
        ketches keyholes keys keyword khan kibosh kidded kiddos kidnaped kidney kidneys killdeer kilo
        kilowatt kind kindest kindle kindling kindness kinfolk kingdoms kinglier kingship kinsmen kissed
        kissers kite kiting kitschy kluges knaves kneading kneel kneeled knickers knight knitting knockers
        knocking knockout knuckles koshers kowtowed kroner kronor kumquats labels labium laburnum lacerate
        lacing lacking lacquer lactated ladders lade lading lady ladybugs ladylike lagoons lame lament lamer
        lames landfall landlady landmass landward lane languors lank lapped large largesse largos larks
        lashes lassie lassies lassos latching latent latex lathers laths latitude latrine latrines lats
        lattices laurels lavishes lawn lawsuits lawyers laxest laxity lay layoffs lazied lazier lazy leaded
        leader leaf leafing leafy leaks lean leap leapfrog leaps learn learnt leases leather leathers leaven
        leaving leavings lee leeches leeching leek leeward leeway lefties leftism leftist legacies legalese
        legalize legatee legation legato leggin legroom legumes legwork lemming lending lends length lengthy
        lentils leopard lepers less lessee lesser levelled lewder lewdest lewdness lexer liaison liar lib
        libeller libidos lice licenced licences licks licorice lie life lifeless lifelong lifted lighted
        lighten lightens likens lilts limbs limeade limerick limited limpness lineage linear liners lingered
        lingos lingual lining linker linkup linkups linseed lint lionized lip lipreads liquify liras lisping
        lissome litchi lither litigate litters live lively livening liver lives llama loadable loading loaf
        loam loaners loathed loathing lobbed locales lock locking locks lockups locoweed lodes lodge logins
        logout logouts loin lolcat lolled loner loners longer longish longs lookout lookouts looms loon
        loonie loonies loony loses losses lots lounges louse loutish louvered louvred lovable loveless
        lovelier lovers lowing lozenges lucid luckiest lull lulls lumping luncheon lunged lure lured luridly
        lusted lustful lustily lxi lyceum lyceums lychee lymphoma lyrical lyrics macadam machete machined
        macing mackerel madam maddened madness madras madrasa madrasah madrassa mads maestros magazine
        magenta magneto magnetos magpie mahogany maidenly mailings maiming maims majestic majoring makings
        mallet manacles managers manages mandate mandible manes mangrove manic manifold manned manner manor
        manpower mantle mantles many maples marble mariachi marigold marimbas mariner mariners marker
        markers marking marksmen markups marmot marooned marquise marred married marshes martian martinis
        marts mash mashing masks masons masque masseur masseurs masseuse massing mastiffs mastoid masts
        matadors match matches mattock mattress mature matured maturity mauled mausolea maxes maxim maxima
        maxing may maydays mayor maypole mead meanest meanly means meant meatiest meats meddle meddlers
        medians mediate medicine medley meek megalith megaton megs melanin melodic melted members meme
        mentors menus meow merchant mercuric meriting mesas mesquite messes messiah mestizo mestizos metal
        metaphor mete meteor metering mewing mewl mfr miaowing miasma mica middles midgets midlands midmost
        midriffs midwived midwives miffs mild mildness mileage milieus militia militias miller millers
        million millrace mimetic minding mindless minim minister mink minnow mintier mints minuet minuses
        minutely minutest mire mirth misapply miscarry miscues misdeals misdid miserly misfire misjudge
        mislaid missives mistake mistrial misuse mites mob mocha mockers mod mode model modern modest
        modestly modifier modular modules mohair moiety moisture molar molars moldiest moles moleskin moll
        mollify mollusks mom monaural moneybag mongrel monies monocle monolith monsieur monsoon monsoons
        months moo moocher moodier moon mooned moor moorland mopping moraines morass mornings morns mortars
        morticed mortices mosaics mosque mosques moss mosses mostly moths motion motliest motorman motors
        motorway mottle mottles mound moused mousers moussed mousses moves mph muckiest muckrake mucus
        muddled muff muffin mufflers muffles muggle mugs mukluk mulch mull mullah mullahs mumbler mummers
        mummery mumps munchkin mundanes munged murders murkiest murky murmurs muses mush musicale musk
        mussel mustang mustangs musts mutation muting mutinies mutton muumuus mynahs mynas myrtles mythic
        mythical nabob nacho nadir nags naiads nanobot nap napkins narking narrator nasal nascent nasty
        national natives natl natty naught nausea nauseam nauseate nautical nave naves neared nearing
        nebulas necking needless neg negate negating nematode nemeses nemesis neocon neocons nerviest nervy
        nestle nestling netbook nether nettling neutron neutrons newest newsboy newsmen newt nib nibblers
        nicest nicety niches nickle nickles nicknack nicotine niece niftiest nifty nightie nimble nimbuses
        nineties ninth nip nipper nitrogen nits nitwit nixed nixes nobleman nodded noggin noise noisier
        nomad nominee none nonrigid nonstop noontime normalcy north notable notables notably notching notice
        noticed nougat nougats novae nuanced nub nuclear nucleic nudists null nullify nuncio nurse nut
        nutria nuts nutted nuttier nybble nylons oaken oases oasis oath obeisant obituary object objects
        obliged oblique oblivion oboists obscures obtruded obtuser obtusest ocarinas occlude occupied
        occurred occurs ocelot octane octopus oculars oculists odd oddity oddly ode odes odium offbeats
        offings offload offsets oftenest ogled oil oiling oinking okay old older oleander omega omen omens
        oneness oneself ongoing onrushes onto onuses onyxes oops opals open opened openly operate operator
        opining opinion opponent opposed optician optics optimist optional opulent oracular orations
        oratorio oratory orchid ordained orderly ordinary ordnance ordure orgy oriental orifice origin
        original origins orioles ornament orphaned osmosis osmotic others otter ottoman ousts outer outfit
        outgrows outings outlined outlook output outrage outrages outrank outranks outsets outsold outstays
        outwards outwit outworn ova ovarian ovations overact overdo overdoes overdrew overeat overhear
        overheat overhung overkill overlap overlie overly overpass overrate overruns overshoe overtone
        overtook overview owlet owlets owlish oxide oxidize packages packed packers paddies padlock padlocks
        paean paeans pageant pailsful pains paint paisley palaces palavers paleface paler palings palled
        palliate pallid palmists palmy palomino pals paltry pamphlet pancakes pane panelist panicky panics
        panier panoply pant pantheon pantries panty papal papas paper papering paps parabola paradigm
        paralyze paranoia paranoid parasols parcel parceled pardoned parent pares paring parings parish
        parishes parity parkas parks parlayed parole parquets parries parse partakes parted parterre parting
        partway partying passels passkey pastes pastie pastimes pastoral patch patella patois patrons
        patsies paupers pausing pavings pawl pawnshop paydays payees payware pea peaceful peaks peals pearl
        peasant pebbling pecan peccary peck pectin pedals pediment peek peered peering peeve pegging pelting
        pelvic penal penances penitent penlight penlites pennant pennons pensive peons people pepped pepsin
        peptics percale perching perform perfumed periodic perish periwig perming peroxide pertness perturbs
        perusing peskiest pestered pestling petals petioles petites petrol pets pettier petulant petunia pew
        phallus pharynx phase phisher phobias phonics phrase phylum physical pickaxes pickles pickling picks
        pictures pig piglet pilaffs pilafs pilau pilaus pile piled piles pills pimento pimples pinheads
        pinkeye pinks pinpoint pinups piping piquancy piquant pique piques pitfalls pitiless pittance
        pivoting pixie placards placated placenta plaids plain plainer planed plank planner planners
        plastics plateaux plateful playact playbill plaza plea plectra plethora plexus pliant pliers plod
        plodded plonked plop plot plotting plug plumbed plumbing plunder plunger plying poacher pocked pod
        poetic pogrom pointed pointy poisoner poke poked pokey poky polecat polecats polemics poles police
        polite politest polkaed polled polling polliwog pollutes polonium polygamy polymers pomading pommel
        pompoms ponytail pooching pooh poohs poorest poorly pop popinjay poplars poplin popovers poppas
        poppy populate populist porosity porphyry portable portages portend portents porters porticos
        portlier portrait portrays position positive posits possible postbox postcard poster posters postmen
        posts postures pothole pothook potluck potshots pottage pouch pouching poultry pounce pounced
        powering pox practice practise praise prayer praying prays preclude predate predated predates preen
        preened preening prefers prefixed pregnant prelate premium prenatal prepays prepped prequel presage
        presents preset presides presses pretence pretense prevents prevues priced prices pricing pried
        primps primrose princes printing prioress prism prisms prissy pristine privier prizes prizing prod
        prods profiled profiles profound program prologue promos promoter proofed propel prophets props
        proton protrude provably proven provoked proxies proxy prude prudery psychic psycho public puck
        pucks pueblo puff puffball pug pukes pullback pulpiest pulpits pumas puniest punished punsters puppy
        purblind puree pureed pureness purging purists puritan purled purplest purplish purpose purses
        pursing purvey pushed pusher pustules putter puttied puttying puzzler pwn pwned pythons quacked
        quacks quakes qualify quandary quantity quarrel quartet quatrain quavers queasier queens queerly
        quelled quenched query quested questing quibbler quiches quick quickie quietest quieting quietus
        quills quilt quilted quine quinine quips quire quirked quirkier quisling quitted quiver quivered
        quixotic quondam quote quoting rabbis rabies raccoons racer racier racket radioing raffle raffles
        rages ragged rags raiding raiment rainbow raindrop raining raises rajah rakes raking rakish rally
        rambled rampages rampart ramparts rams random randomly randoms range ranger rankling ransoms ranting
        rants rapidest rapper rapping raps rapture rarely raring rash rashes ratings rations rats rattan
        rattlers ravages rave ravel raving ravishes rawness ray razes razing razors reach readable readmits
        reads ready reagent realer reales reality reals realtors reasoned reasons rebirth rebuilds rebukes
        recapped recasts recede recent recently recesses recharge recital reciting reclaim recopy recounts
        recoup rector recur recurs recycled redcoats reddest redeems redid redone redraft redraw reed
        reefing reeking reelects reeling reffed reflexes reforest refract refuel refuels refund refunded
        refused refute regain regales regaling regatta regicide regime region regions register rehashed
        rehashes rein reined rejects rejoiced rejoin relative relays relented reliant relive remedies
        remnant remote remotely removal remover renames renaming renewing renown renowned reopen reorder
        reorg repaid repaints repeal repealed replace replica replying report reports reprieve reprints
        reproofs reptiles republic reputes requests reroutes rerun rescinds resent resident resides resolved
        resonant resounds respites respond response rest restart restates restores results resumed resumes
        retake retina retinas retiree retook retorted retouch retrace retraced retract retracts retyping rev
        revamp reveille revel revelled revels revenue revered reverses revert reviling revising revisit
        revive revives revolt revs revue rewards rewind rewinds rhapsody rhetoric rhubarbs rhythmic rices
        richly ricking ricochet ricotta riddles ridge ridging rifest riffling rifled riflemen rifted right
        rightful rim rimming rinse rioted ripened riskier riskiest risking risks rites ritually riverbed
        riveted rivetted rivulets roach roadbeds roads roadshow roadway roams roared robbed robes robin
        robocall robotic rocket rockier rocky rodeo roils rolled rollick rolling romance romp rood roofed
        roofer rooftops roomed roomful roomier rooming root rooting roots rope rosebush rosette rosined
        rosters rotors rotund rouged roughen roughing roughly roundups roves row rowboats rowdy rowed
        roweled rowels rowing royal rps rte rubes rubier ruckus ruckuses ruddy ruder ruff ruggedly ruining
        ruinous rumble ruminant ruminate rumored rump rundown rune runnel runners rupees ruses rusks rusted
        rustier rustlers rustles rusty ruthless rutted rye sable sackful sadder saddest sadist safari safest
        sahib said sailfish sailings saints salaamed sale saleable salient salivate sallower salsas salt
        saltine salty salute saluting salvaged salvages salvers salvos sampan samplers samples sancta
        sanctum sandals sandbank sandbox sander sang sardine sardines sash sashayed sashays sasses satchel
        sate sated satiates satire satirize saturate satyr saucer saucers sauna savaging savanna savannah
        savannas saved saver saviors savorier savoring savvied sawing sawyers saxes sayings scab scad scads
        scalars scales scalier scaly scampies scapulas scarcest scarfed scarfing scarfs scarring scarves
        scenting scepters schmucks schticks schussed sciatica science scions scissor sconce scoops scooted
        scoots scoped scorer scorers scourge scourges scowl scrabble scram scraping scraps scream scrimp
        scrod scrog scrooge scruff scubas scuffing sculling scullion sculpted sculptor scummier scums scurfy
        scurvier scythe scythed sea seacoast seagoing sealskin seam search seasonal seasoned seated sec
        seceded secs sect securest securing sedate sedative sedge sediment seed seen seeped seesaw selector
        sellout semantic semi seminar seminary semitone senders senna sensing sensual sepsis septa sequels
        sequined sera seraglio serpents serves serving servos setback setter settings settling seven sew
        sewed sews sexist sexless sextets sextons shadowed shafted shag shaikh shakers shakeup shakeups
        shakily shallot shalt shamans shames shammies shampoo shandy shanghai shapes shard shards shariah
        shaven shaykh sheaf sheered sheet sheikh sheikhs sheiks shelf shelve shelving sheriffs shiitake
        shimmer shimmers shimming shims shine shines shingles shinned shipped shippers ships shirred
        shirring shlock shoaled shockers shooed shook shoots shop short shortage shotguns shouting shovels
        showery showiest showman showmen shows shreds shrieks shriller shrines shrivels shrives shrouds
        shrunken shtik shucked shucking shuffled shuffler shunts shuttle shuttled shuttles shyest shysters
        siblings sibyl sickbed sicker sicks sics sided sidelong sidles sieges sieving sifted sighs sight
        signify silence silences silents silkier silks sillies silo silt silvan silvered simian simpers
        simplify sims sing singe singed singling sinner sinners sins siphons sirloin sirocco sit sits
        sitting situated sixes sixteens sized sizes sizing skater skates skating skeptics sketched skewers
        ski skier skiers skiff skillets skim skimmed skimming skimp skinhead skirting skunking skylark
        skywards slab slackers slag slakes slalom slam slamming slander slangy slat slating slave slavers
        slayings sleazes sledges sleeker sleekest sleekly slily slims slings slinked slippage slithers
        slitting sliver slogans sloop sloths sloughs slovenly slovens slow slowest slowing slows slugged
        slummer slurp slurping slushier sly slyness smacks smarmy smarts smell smelts smiles smirched
        smirked smite smithies smoked smokes smoky smolder smoothed smoothly smother smoulder smudged
        smudges smudgier smugger smuggest smurfs snacked snaffled snafus snaked snakes snapped snared snares
        snarfed snark snarling snazzy sneaky sniff sniffed sniffle snifters snipes snips snivel snobbery
        snootier snorer snores snorkel snots snowball snowfall snowiest snowman snuffle snuffles snug
        snuggle soak soaked soakings soared sobered soberer socked socks sod soda sofas softer softwood
        solaces sold solemn solemnly soluble somehow sometime somewhat sonatas songbird sonny sootiest sooty
        sordid sorest sorrows sorter sorting sottish soulless soundest souping soupy sourpuss soused
        southpaw soybean space spaced spaceman spacial spacing spammed span spandex spangle spanks spanned
        sparser spatial spatters spatulas spears specced special specimen speckled speeds spell spelt
        spenders spends spewed spice spidery spiking spin spinals spindled spindly spine spinner spinster
        spiraea spirals spire spited spiteful spitting splices splinted splodge spoilage spoiling spokes
        sponges spook spoon sports spout spouts sprat sprawled spray sprayer sprayers spraying spread spreed
        sprees sprinter spruce sprucest sprung spry spryer spryest spud spumed spumoni spun spunky spurn
        sputters sputum spying spyware squalid squatter squawks squeaks squiggly squints squire squirted
        squishes stab stabling stabs stack stacking stadium stage stagings staid staked stakeout staking
        stalest staling stall stallion stamina stank stapled staples starch stardom stared stares starlit
        starry stars startles stately states statuary statute staves stayed steadily steady steel steeps
        steers stellar stem stepdads stewed stewing stickup stiffen stigmas stillest sting stingers stinks
        stinted stinting stints stipple stirred stitches stoats stockade stodgy stoics stoked stoles stomps
        stoned stoner stoniest stoppage storage stores storks storm stout stoves stow strafed strafing
        strained straits stranded straps strategy stratum straw streaks striker stringy stripped strode
        stroked strop stropped strove strudels strum strut struts stub stubbed stubbier stubbing stubborn
        stubs studly study stuffily stunt stunting stupids styes stylized stylus stymied suavity sub
        subhuman subjects sublets sublimes submits suborned subsided subsume subsumed subsumes subtitle
        succeed succeeds sucking suckled suds sudsy sue suffer suffered sufficed suffix suffixed suffixes
        sugar sugarier sugars suggest suing suited suiting sulfides sulfured sulkier sulky sullied sully
        sullying sulphurs sultans summered sunblock sunder sunders sundials sunfish sunniest sunroof sunsets
        sunshine superb superbly superego superior supped supreme sups surely surf surfers surgeons surplice
        surreal surrey surtaxes surveyed survive sustain swabs swaddled swaggers swallow swashes swat
        swathing swatting sway swearers sweaters sweaty sweeper swellest swilled swindle swindles swine
        swiping swirled swish switched swivel swoon swooping swopping swum sybarite sylphs symptoms syndrome
        synopses syphon systemic tableau tablet taboos tabu tabus tacit tack tacked tackier tackled tackler
        tactical tads tail tailcoat tailed tailgate taint taken takeoff talked talkers talks tallow tamarind
        tamest tamp tamped tams tan tandems tang tank tankards tannery tannest tansy tape tapeworm taprooms
        tar targeted tariffs tarmacs taro tarots tart tarter tasking tassels tasted taster tasting tat
        tatted tattered tatters tattled taunting taverns tawdrier tawniest taxable taxicab taxicabs taxied
        taxing taxpayer taxying teacup teaks teapot teatime tedious teem teems teeniest teensier teensy
        teeny teepees teeter teeth teethe teetotal temblor tempest temps tempter tempters tended tenders
        tends tenement tenet tenfold tennis tenoning tenor tense tensest tension tensor tents terming
        termites terms terraced terrains terrapin terrible tertiary testes testify texts texture thalamus
        thallium thatch thee theism themes thence there therein thereof thereto thespian thiamin thick
        thicket thickset think thinking thinners thirdly thirsts thirsty thong thoraces thorn thornier
        thought thous thrall threads three thresh thresher threw thrilled thrived thriven thriving throbbed
        through throwers thrum thudding thug thymuses tibia tided tidying tier tiffed tiffs tiger tight till
        times timidly timings tinkers tinkle tinny tinsmith tiny tippers tipsier tiptoed tirade titan titter
        toad toasted tobaccos toddled toddlers toddling toddy toe toeholds toffees toffy toga toggling
        toiled toiler toilers toilet toils toilsome toke tomato tomatoes tomorrow tonal tong tongued tonight
        tonnages toolbars toolbox tools toot toots topic topical topics topmost topping topples toppling
        torch torpedos torpor torque torques torsi tortoise torts toss totaling totter toucan tough towards
        toweled towering towing townsman tracheas tracking traction tragedy train trainees trainer trainers
        trait tram trammed tramping trans transfer transit trap trapdoor trapezes traveler trawl trays
        treble treeing trees treetops trekked tremolos tremors trench trendies trendy tresses trialed tribe
        tribune tribunes tricked trickier trifecta trifle trifled trifles trig trilogy trimmers trip tripe
        triples tripod tripped tripping trisect trolly troopers troops tropic trotters trouble troughs
        trounced troupers trouping trouser trout trucked trucks trudge true trueing truest truffle truly
        trumpet trumping truss trust trusts truths trysted tsarina tsp tsunami tubers tubs tucks tufted tug
        tugged tugging tumid tundra tundras tuneful tunes tunnel tunnies tuns turbine turbines turfs
        turmoils turning turnoffs turret turtle turves tussled tutelage tutoring twaddled tweedy tweeters
        twelve twenty twines twinged twirlers twosomes typhoid tyrant ukuleles ultras umped unaided unbent
        unblock unbolts unbosom unbosoms unbroken unbutton uncased unclean uncles uncommon unction underage
        underlay undo undoing unearth unearths unfair unfetter unfits unfrock unfunny unfurls ungodly
        unhanded unhorsed unhurt unicycle union uniquer uniquest unison unity universe unkempt unlisted
        unloaded unlocks unlooses unmissed unmoral unnerved unrolls unsafe unsalted unsavory unsnaps
        unspoken unstrung unsuited untested untidier until untimely untiring untruth untruths unusual unwary
        unwashed unwise upbraid upcoming upgrade uplift uplifted upper upright uprights upside uptight
        urchins urethra useable ushered ushers usurer usurps uteri utility utmost vacated vacua vagary
        valences vales valet valeted valuable valued values valved vampires vamps vanillas vanities vanning
        vape vapes varmint vars vary varying vastest vat vaulting veep veeps veers veiled veining venality
        veneers venison venous verbals verbena verbs verdict verges verifies verse vertebra vertex vertigo
        verve vesicle vessel vest vested vestiges vetted vexes viaducts vial vibe vibrancy vibrates vibrato
        vibrator viceroy vied view vigil vilely viler vilify villeins vineyard vintage vintner vinyls viola
        violate violated violist violists virago viral virility virtues virtuous visaing vises visitor
        vitamins vivified vixen vixenish vizier vocal vocalist vocation voiced voicing voided voids voles
        volume vomit vomiting voodoo voodoos votaries vowel voyage voyagers wabbits wadding waddle waded wag
        wagering wagoner wags waif wails wakes waldo wallet walling wallow waltzes waltzing wander wangling
        wannabee wannabes wanted wards warlord warm warn warning warps wars wasted wasteful wastrel wastrels
        watchdog watery wattled waveform wax waxwing waxwings waxwork wayside weak weaken weaker weans wear
        wearable wearier weariest wearying weather weathers weavers wed wedgie weeing weekdays weekends
        weeper weepers weepier weevils weigh weighs weight weights weird welched welches welled wells welsh
        welshed welts wen wending were wet whaler whales whammed whammies whamming wharf wharfs wharves
        whatever whatnot wheeled wheeling wheels wheezes whelping whey whiffs whimpers whiny whipping
        whirled whirred whirring whisked whiten whiter whitest whizzes whizzing wicked wicker widening widow
        widths wight wiki wildcats willing wimple wimpling winces winger wingnut wins wiretap wiretaps wiry
        wispy wist withdrew withheld withhold witless wittier wives wizard wizened wobble wobbles wolfram
        womble wombles wooden woodies woodman woods woof woofer woofs woolier woollies woolly wooziest
        wordier wordiest wordy wore working workmen workouts works worn worriers worries worrying wot would
        wounder wow wrapping wreathed wreck wrecked wrecking wrenches wresting wrestles wringer writers
        writs xrefs xvi xxxii yaks yams yanking yanks yaps yardarm yards yawns yearning yeasty yell yellows
        yelps yen yep yeps yest yipped yips yogin yogins yoked yokes yon youngest youthful yowl yrs yucking
        yuk yule yuppy zanies zapper zealots zens zephyr zeros zigzags zip zippy zircon zither zodiac zombi
        zone zoo
        """)
}
