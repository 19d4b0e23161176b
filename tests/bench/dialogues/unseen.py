"""The part that nothing was tuned on."""

from __future__ import annotations

from tests.bench.dialogues.pack import Anchor, Chain, Correction, Habit, Hint, Pack

HINTS = (
    Hint(
        ("Anything you must avoid when we cook on Saturday?", "Shall I leave something out of the salad?"),
        (
            "Peanuts, or my throat closes up within minutes.",
            "Just no shellfish, it puts me in hospital.",
            "Keep the gluten away from me, otherwise I am ill for days.",
        ),
        ("Which food is {me} allergic to?", "What can {me} not eat for medical reasons?"),
    ),
    Hint(
        ("How do you get to the office these days?", "Was the road as bad for you this morning?"),
        (
            "By ferry, standing at the rail with a coffee.",
            "I pedal along the canal, rain or shine.",
            "Tram number nine takes me almost to the door.",
        ),
        ("What is {me}'s means of transport for commuting?", "Which way does {me} travel to work?"),
    ),
    Hint(
        ("You look tired, what keeps you up?", "Why the dark rings under your eyes?"),
        (
            "The twins are teething, both at once.",
            "No rest at all: the drummer upstairs rehearses until two.",
            "My knee throbs whenever I lie down.",
        ),
        ("What disturbs {me}'s nights?", "For what reason is {me} sleeping badly?"),
    ),
    Hint(
        ("So who shares the flat with you now?", "Somebody was scratching at your door when I rang."),
        (
            "A grey parrot who imitates the telephone.",
            "Two ferrets, and they steal every sock.",
            "An old greyhound from the shelter.",
        ),
        ("What kind of pet does {me} keep?", "Which animal lives at {me}'s home?"),
    ),
    Hint(
        ("What did the bank say in the end?", "Did you finally sort out the money?"),
        (
            "They turned down the mortgage, my income jumps about too much.",
            "I owe them for the kitchen until 2031.",
            "All of my savings sit in index funds from this week on.",
        ),
        ("How are {me}'s finances?", "What is {me}'s situation as to loans and investments?"),
    ),
    Hint(
        ("What will you study, if they take you?", "Have you picked a subject for the evening school?"),
        (
            "Marine biology, mostly plankton and reefs.",
            "Bookkeeping, so that I can file the taxes of the firm.",
            "Arabic: I want to read the old poets.",
        ),
        ("Which course of education did {me} choose?", "What is {me} learning as a student?"),
    ),
    Hint(
        ("What do you do to calm down after such a day?", "How do you get your head free?"),
        (
            "I knead dough until it is silky.",
            "A cold plunge in the lake does it.",
            "I solder little synthesizers on the balcony.",
        ),
        ("What is {me}'s favourite way to relax?", "Which hobby helps {me} against stress?"),
    ),
    Hint(
        ("What should I bring for your birthday?", "Is there something you really need?"),
        (
            "A decent head torch, mine died in the cave.",
            "Wool, undyed, as much as you can carry.",
            "Honestly? A subscription to that chess site.",
        ),
        ("What would be a good gift for {me}?", "Which present does {me} wish for?"),
    ),
    Hint(
        ("What did the doctor find?", "And, what came out of the check-up?"),
        (
            "My iron is far too low, hence the dizziness.",
            "High pressure: no more salt, and pills every morning.",
            "A torn meniscus, they operate in the new year.",
        ),
        ("What is {me}'s diagnosis?", "Which health problem was discovered with {me}?"),
    ),
    Hint(
        ("Where did you grow up, actually?", "Your accent, where is that from?"),
        (
            "In a lighthouse keeper's cottage near Brest.",
            "High in the Andes, my father mined tin.",
            "Right behind the harbour of Gdansk.",
        ),
        ("What is {me}'s place of origin?", "Which region did {me} spend childhood in?"),
    ),
    Hint(
        ("What are you afraid of, deep down?", "You turned white just now, why?"),
        (
            "Lifts. I take the stairs up to the twelfth.",
            "Geese, ever since one chased me as a toddler.",
            "Anything with a needle makes me faint.",
        ),
        ("What phobia does {me} have?", "Which thing scares {me} the most?"),
    ),
    Hint(
        ("And how do you earn your living now?", "Are you still with the insurance people?"),
        (
            "I restore church organs, pipe by pipe.",
            "Driving the night bus, and I love the quiet.",
            "I translate patents from Korean.",
        ),
        ("What is {me}'s occupation?", "Which profession does {me} practise?"),
    ),
)

HABITS = (
    Habit(
        (
            "I just came back from the pottery class, this time we made {x}.",
            "Pottery again tonight! {x} came out of the kiln.",
        ),
        (
            "a teapot",
            "six soup bowls",
            "a lidded jar",
            "a bird bath",
            "a chess set",
            "two candle holders",
            "an oil lamp",
            "a garlic grater",
            "a fountain basin",
            "some wind chimes",
        ),
        ("What did {me} make in the pottery class {when}?", "Which piece of pottery came from {me} {when}?"),
    ),
    Habit(
        ("Our reading circle has finished {x}.", "For the reading circle we went through {x}."),
        (
            "a novel about a whaler",
            "a biography of a mapmaker",
            "short stories from Nigeria",
            "a crime story set in Oslo",
            "a history of salt",
            "a play about two brothers",
            "the diary of a beekeeper",
            "essays on silence",
            "a science fiction trilogy",
            "poems of the desert",
        ),
        ("What did {me}'s reading circle read {when}?", "Which book was with {me}'s reading circle {when}?"),
    ),
    Habit(
        ("On the weekend hike we climbed up to {x}.", "We hiked again, all the way to {x}."),
        (
            "the ruined abbey",
            "Hawk's Peak",
            "the upper reservoir",
            "the glacier hut",
            "the old border stone",
            "the slate quarry",
            "Three Pines Pass",
            "the hermit's cave",
            "the weather station",
            "the hanging bridge",
        ),
        ("Where did {me} hike to {when}?", "What was the goal of the hike that {me} made {when}?"),
    ),
    Habit(
        ("At the flea market I found {x}.", "You won't believe what the flea market had: {x}."),
        (
            "a brass telescope",
            "an enamel sign",
            "a box of slides",
            "a dented tuba",
            "a silver thimble",
            "a hand-cranked mixer",
            "a stuffed pike",
            "a pocket globe",
            "a cuckoo clock",
            "a typewriter with Greek letters",
        ),
        (
            "What did {me} find at the flea market {when}?",
            "Which bargain from the flea market did {me} bring home {when}?",
        ),
    ),
)

ANCHORS = (
    Anchor(
        ("We got the keys and moved into the house by the mill today.",),
        "before they moved to the house by the mill",
        "after they moved to the house by the mill",
    ),
    Anchor(
        ("I handed in my notice at the shipyard this morning.",),
        "before {me} quit the shipyard",
        "after {me} quit the shipyard",
    ),
    Anchor(
        ("Our daughter was born last night, four kilos of her!",),
        "before the daughter was born",
        "after the daughter was born",
    ),
)

CHAINS = (
    Chain(
        ("My brother-in-law {other} sends his regards.", "That is {other}, by the way, my brother-in-law."),
        ("{other} has begun to breed {x} behind the barn.", "Did you hear that {other} breeds {x} now?"),
        ("alpacas", "quails", "carps", "rabbits"),
        ("Which animals does {me}'s brother-in-law breed?",),
    ),
    Chain(
        ("{other} is the landlord of our place, a patient man.", "Our landlord is called {other}."),
        ("{other} spends every winter in {x}.", "In the cold months {other} lives in {x}."),
        ("Malaga", "Crete", "Tunis", "Madeira"),
        ("Where is {me}'s landlord during the winter?",),
    ),
    Chain(
        ("My boss {other} wants the figures by noon.", "I had lunch with {other}, who is my boss now."),
        ("{other} used to row for {x}, there is a medal on the wall.", "Years ago {other} was in the boat of {x}."),
        ("the navy", "Denmark", "the university", "the police"),
        ("For whom did {me}'s boss row?",),
    ),
    Chain(
        ("{other} teaches our eldest, a wonderful teacher.", "The teacher of our eldest is {other}."),
        ("{other} is writing a book about {x}.", "There will be a book by {other}, all about {x}."),
        ("volcanoes", "knots", "moss", "comets"),
        ("What is the book of the teacher of {me}'s eldest about?",),
    ),
)

CORRECTIONS = (
    Correction(
        ("My appointment with the dentist is on {x}.",),
        ("They moved the dentist: it is on {x} instead.",),
        ("the 3rd", "the 11th", "the 19th", "the 27th"),
        ("When must {me} be at the dentist?",),
    ),
    Correction(
        ("We keep the spare fuse in {x}.",),
        ("The spare fuse is now in {x}.",),
        ("the biscuit tin", "the meter cupboard", "the glove box", "the bread bin"),
        ("Where does {me} keep the spare fuse?",),
    ),
    Correction(
        ("For the party we are going to be {x} people.",),
        ("Count again: the party has grown to {x}.",),
        ("twelve", "twenty", "thirty-one", "forty"),
        ("How many guests will come to {me}'s party?",),
    ),
    Correction(
        ("The code name of our project is {x}.",),
        ("Our project got another code name: {x}.",),
        ("Heron", "Sandbar", "Quartz", "Tundra"),
        ("What is the project of {me} called?",),
    ),
)

CHATTER = (
    ("Did you see the {x} on the square?", "Yes, hard to miss, people were taking pictures."),
    ("They are selling {x} at the corner again.", "Too expensive for me, but nice to look at."),
    ("I dreamt of {x} last night.", "You should eat less cheese in the evening."),
    ("The neighbours complained about {x}.", "They complain about everything, let them."),
    ("What do you think of {x}?", "Not much, to be honest, but each to their own."),
    ("I have to take care of {x} before noon.", "Call me when you are through with it."),
    ("The radio had a piece about {x}.", "I switched it off, it was too loud."),
    ("Somebody left {x} in the stairwell.", "Again? I shall write a note."),
    ("My cousin wants to know about {x}.", "Tell her that I have no idea."),
    ("It rained so hard that {x} got wet.", "At least the garden is happy."),
)

THINGS = (
    "the brass band",
    "a red kayak",
    "the new fountain",
    "roasted chestnuts",
    "a broken umbrella",
    "the election posters",
    "a crate of lemons",
    "the ice rink",
    "the tram strike",
    "a bag of cement",
    "the church bells",
    "a lost glove",
    "the street lamps",
    "paper lanterns",
    "the parking fees",
    "an old sofa",
    "the recycling bins",
    "a litter of kittens",
    "the choir",
    "a tall ship",
    "the bakery queue",
    "a wasp nest",
    "the marathon",
    "fresh asparagus",
    "the power cut",
    "a moving van",
    "the scaffolding",
    "a pile of leaflets",
    "the water meter",
    "the summer fair",
)

UNSEEN = Pack(
    ("Ingrid", "Mateo", "Yusuf", "Clara", "Henrik", "Aoife", "Dario", "Nadia", "Oskar", "Leila", "Piotr", "Simone"),
    ("Gregor", "Wanda", "Tobias", "Mirela", "Anselm", "Beatriz", "Kofi", "Lotte", "Ruben", "Sanna", "Viktor", "Zelda",
     "Fabio", "Greta", "Isidor", "Paloma"),
    HINTS, HABITS, ANCHORS, CHAINS, CORRECTIONS, CHATTER, THINGS,
)  # fmt: skip
