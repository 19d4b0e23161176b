"""The part that the weights of the ranking were chosen on."""

from __future__ import annotations

from tests.bench.dialogues.pack import Anchor, Chain, Correction, Habit, Hint, Pack

HINTS = (
    Hint(
        ("What shall we order for you?", "Is there a dish you never touch?"),
        ("Something without meat, as ever.", "Nothing with dairy, my stomach rebels.", "No pork for me, thank you."),
        ("What diet does {me} follow?", "Which eating rules does {me} have?"),
    ),
    Hint(
        ("How is the new place?", "Did the two of you settle in?"),
        (
            "A loft above a printer's shop, noisy but ours.",
            "Third floor, no lift, and a view of the cranes.",
            "We rent a houseboat with a leaky roof.",
        ),
        ("What kind of home does {me} live in?", "Describe the dwelling that belongs to {me}."),
    ),
    Hint(
        ("What do you play in that group?", "I heard music through your wall!"),
        (
            "The cello, badly, but with passion.",
            "Accordion, my grandfather left it to me.",
            "Bass, since nobody else wanted to.",
        ),
        ("Which musical instrument does {me} have mastery of?", "What sound-maker is {me} a musician with?"),
    ),
    Hint(
        ("Where are you off to in the holidays?", "Tickets booked already?"),
        (
            "Iceland, to see the northern lights.",
            "A cabin without electricity in Lapland.",
            "Twelve days of temples around Kyoto.",
        ),
        ("What is {me}'s next travel destination?", "To which country does {me} plan a trip?"),
    ),
    Hint(
        ("Who looks after the little one while you work?", "How do you manage with the baby?"),
        (
            "My mother comes over from Tuesday to Thursday.",
            "There is a nursery in the basement of the firm.",
            "We take turns, I do nights.",
        ),
        ("What is {me}'s arrangement for childcare?", "How are the kids of {me} supervised?"),
    ),
    Hint(
        ("What sport is it this year?", "You got so fit, what is the secret?"),
        (
            "Rowing, before sunrise, six times a week.",
            "I climb boulders in the old gasworks.",
            "Fencing, with the sabre.",
        ),
        ("How does {me} exercise?", "What athletic activity is {me} into?"),
    ),
    Hint(
        ("What did you do with the garden?", "The balcony looks different!"),
        ("Tomatoes everywhere, eleven kinds.", "Bees moved in, two hives.", "Only cacti, they forgive me."),
        ("What does {me} grow or raise outdoors?", "Which plants or insects are {me}'s?"),
    ),
    Hint(
        ("Why did you leave that firm?", "So you walked out, just like that?"),
        ("They cut my hours in half.", "The new manager shouted at everyone.", "I was bored to tears by spreadsheets."),
        ("What made {me} resign from the job?", "For what cause did {me} stop working there?"),
    ),
    Hint(
        ("Which languages do you get by in?", "How did you talk to them?"),
        (
            "Portuguese, I lived with a family in Recife.",
            "Sign language, because of my sister.",
            "A bit of Finnish, and a lot of smiling.",
        ),
        ("What foreign tongue can {me} speak?", "In what speech is {me} fluent?"),
    ),
    Hint(
        ("What are you saving for?", "No restaurant today? You are thrifty."),
        (
            "A sailing boat, nine metres.",
            "The down payment, prices rise faster than I can.",
            "Braces for the boys, both of them.",
        ),
        ("What expensive purchase is {me} putting money aside for?", "What is {me}'s financial goal?"),
    ),
)

HABITS = (
    Habit(
        ("In the cooking course they taught us {x}.", "Tonight's cooking course was about {x}."),
        ("ramen", "goulash", "paella", "injera", "pierogi", "ceviche", "moussaka", "laksa", "borscht", "tamales"),
        ("What did {me} learn in the cooking course {when}?", "Which dish did {me} cook in the course {when}?"),
    ),
    Habit(
        ("We went to the cinema, they showed {x}.", "At the cinema we saw {x}."),
        (
            "a western",
            "a film about tango",
            "a silent comedy",
            "a documentary on wolves",
            "a ghost story",
            "a heist film",
            "an anime about trains",
            "a war drama",
            "a musical",
            "a road movie",
        ),
        ("Which film did {me} see {when}?", "What was shown when {me} was at the cinema {when}?"),
    ),
    Habit(
        ("I repaired {x} in the workshop.", "In the workshop I got {x} to run again."),
        (
            "a lawn mower",
            "a sewing machine",
            "an espresso maker",
            "a moped",
            "a record player",
            "a drill",
            "a toaster",
            "a bandsaw",
            "a music box",
            "an accordion",
        ),
        ("What did {me} repair {when}?", "Which machine was on {me}'s bench {when}?"),
    ),
)

ANCHORS = (
    Anchor(
        ("I passed the driving test, at the third attempt!",),
        "before {me} passed the driving test",
        "after {me} passed the driving test",
    ),
    Anchor(("The wedding was yesterday, we danced until four.",), "before the wedding", "after the wedding"),
    Anchor(("They took the cast off my leg today.",), "before the cast came off", "after the cast came off"),
)

CHAINS = (
    Chain(
        ("My sister {other} called this morning.", "{other} is my sister, you met her."),
        ("{other} works as {x}.", "{other} found a job as {x}."),
        ("a locksmith", "a radiologist", "a park ranger", "a notary"),
        ("What is the job of {me}'s sister?",),
    ),
    Chain(
        ("Our neighbour {other} has the key.", "{other} from next door is our neighbour."),
        ("{other} drives {x}.", "You should see {other} in {x}."),
        ("an old Volvo", "a fire engine", "a sidecar", "a tiny Fiat"),
        ("What vehicle does {me}'s neighbour drive?",),
    ),
    Chain(
        ("My dentist is {other}.", "I trust {other}, my dentist."),
        ("{other} collects {x}.", "At home {other} has hundreds of {x}."),
        ("stamps", "beetles", "violins", "maps"),
        ("What does {me}'s dentist collect?",),
    ),
)

CORRECTIONS = (
    Correction(
        ("My phone number ends in {x}.",),
        ("New phone: the number ends in {x} now.",),
        ("17", "58", "93", "40"),
        ("What does {me}'s phone number end in?",),
    ),
    Correction(
        ("The train leaves at {x}.",),
        ("They changed the timetable, the train leaves at {x}.",),
        ("seven", "half past nine", "noon", "ten to six"),
        ("At what time does {me}'s train leave?",),
    ),
    Correction(
        ("I work in the branch in {x}.",),
        ("I was transferred to the branch in {x}.",),
        ("Turku", "Lyon", "Graz", "Leeds"),
        ("In which branch does {me} work?",),
    ),
)

CHATTER = (
    ("Have you tried {x}?", "Once, and once was enough."),
    ("There was a queue for {x}.", "People have too much time."),
    ("I read something about {x}.", "Was it any good?"),
    ("The kids keep talking about {x}.", "Mine too, it will pass."),
    ("Remind me about {x}, please.", "I will, if I remember it myself."),
    ("{x}, what a surprise!", "I saw it coming."),
    ("Someone is asking for {x}.", "Send them to the office."),
    ("I cannot find {x}.", "Look under the stairs."),
)

THINGS = (
    "the new app",
    "a flat tyre",
    "oat milk",
    "the fire drill",
    "a jigsaw puzzle",
    "the lottery",
    "the blue folder",
    "a pair of skates",
    "the dishwasher",
    "a parcel",
    "the school play",
    "the ladder",
    "a mosquito net",
    "the quiz night",
    "the car wash",
    "a sack of potatoes",
    "the newsletter",
    "a spare wheel",
    "the swimming pool",
    "the coffee machine",
)

TUNED_ON = Pack(
    ("Anna", "Ben", "Chiara", "David", "Emeka", "Fatima", "Goran", "Hanna", "Ivan", "Julia"),
    ("Karl", "Lena", "Marta", "Nils", "Olga", "Paul", "Rosa", "Stefan", "Tina", "Uwe", "Vera", "Willem"),
    HINTS, HABITS, ANCHORS, CHAINS, CORRECTIONS, CHATTER, THINGS,
)  # fmt: skip
