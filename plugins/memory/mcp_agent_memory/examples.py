"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "memory_remember": [
        "remember that my sister's birthday is on 3 May", "note that I am allergic to nuts",
        "keep in mind that I take no sugar", "don't forget that my flat is number 12",
        "for the future: I prefer trains to flying", "my new dentist is called Dr Lind, write that down",
        "save this about me for next time", "my shoe size is 43, just so you know",
    ],
    "memory_recall": [
        "what allergies do I have", "when does my lease end", "what is my sister's phone number",
        "did I ever mention a plumber", "do you remember the name of the vet", "which wine did we like so much",
        "what did I tell you of the trip to Rome", "where do my children go to school",
        "what was it I said about the car insurance", "which gift did I want to get for dad",
    ],
    "memory_explain": [
        "why did you think of that note", "why did this memory come up",
        "why do you not find what I told you of the dentist", "how come you remembered the wrong thing",
        "what made you bring up my old job", "why is that fact not among what you recalled",
    ],
    "memory_get_entity": [
        "what do you know about Anna", "tell me all you have on my landlord", "who is Mrs Miller again",
        "what have I told you of my boss", "everything on my cottage", "facts about our dog Rex",
        "all that concerns Tom", "what sort of person is my neighbour",
    ],
    "memory_relate": [
        "Anna is Tom's sister", "my boss is called Karin", "Ben works at the bakery", "Eva is married to Jan",
        "the cat belongs to Lisa", "Mia is the daughter of my neighbour", "Paul has lived in Turku since 2020",
        "note that those two are cousins",
    ],
    "memory_merge": [
        "these two notes mean the same", "you have that twice", "combine the duplicate notes",
        "my address is stored several times, make it one", "tidy up the doubles in what you know",
        "put those repeated entries together",
    ],
    "memory_recent": [
        "what did you learn of me lately", "what have you noted this week", "the last things I told you",
        "your latest memories", "what did you save just now", "what is new in your notes",
        "which facts did you pick up today",
    ],
    "memory_timeline": [
        "where did I live in 2019", "what was my job back in March 2021", "which car did I have ten years ago",
        "who was my doctor in 2022", "how were things before we moved", "what did we believe at that time",
        "what was still so last Christmas",
    ],
    "memory_summary": [
        "how much do you know about me", "how many things have you stored", "what is in your memory altogether",
        "whom do you know the most of", "since when have you been keeping notes",
        "give me an overview of your knowledge of me", "have you noted anything double",
    ],
    "memory_forget": [
        "forget my old address", "delete what you know of my ex", "I don't want you to keep that",
        "wipe my health details for good", "drop the thing about the diet", "remove my phone number from your memory",
        "erase that note on me", "you should not know my salary",
    ],
    "memory_update": [
        "I moved, my address is a new one", "my phone number changed", "that is not right any more",
        "Tom has a different job now", "correct that: the appointment is on Tuesday", "I no longer drink coffee",
        "she has married, change her surname", "you have an outdated age for my son",
    ],
    "memory_export": [
        "back up what you remember", "save all your memories to a file", "a copy of everything you know of me",
        "take your knowledge along to another computer", "dump all your notes of me", "hand over my personal data",
    ],
    "memory_import": [
        "take in the notes of my old assistant", "restore the memory backup", "load your memories from this file",
        "bring over what the other computer knew of me", "read my exported facts back in",
        "here are my notes from before, learn them",
    ],
}
# fmt: on
