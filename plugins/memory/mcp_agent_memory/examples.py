"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "memory_remember": [
        "remember that my sister's birthday is on 3 May", "remember that I have a nut allergy",
        "keep in mind that I don't take sugar", "don't forget that I am a vegetarian",
        "remember for next time that I prefer the train", "make a note of my dentist's name",
        "please remember my shoe size for next time", "keep this in mind for next time",
        "from now on keep in mind where I live", "write down that the spare key is at the neighbour's",
        "save this about me for later",
    ],
    "memory_recall": [
        "do you remember my allergy", "do you remember when my lease ends", "what did I tell you about my sister",
        "which doctor did I say I go to", "what is my sister's phone number", "when is my sister's birthday",
        "what did I say about my car insurance", "which wine did I say I like", "what is my shoe size",
        "which size do I wear", "what am I allergic to", "where did I say the key is", "where did I say I parked",
        "what is my wife's phone number",
    ],
    "memory_explain": [
        "what made you bring that up", "why did you remember that", "why did that note come up",
        "why do you not remember what I told you", "why did you think of that fact", "why did you bring up this note",
        "why was that fact not found in your memory",
    ],
    "memory_get_entity": [
        "what do you know about Anna", "everything you know about my sister", "who is Anna",
        "tell me all you know about my landlord", "tell me everything about my boss",
        "who is this person, what do you know", "all you know about our dog", "what do you know about this company",
    ],
    "memory_relate": [
        "she is my aunt, he is her husband", "my cousin lives with his girlfriend", "Anna is the sister of Tom",
        "Anna is my boss", "Tom works for my neighbour", "my sister is married to Jan",
        "Mia is the daughter of my neighbour", "Anna and Tom are cousins", "the dog belongs to my brother",
        "Jan is the brother of Anna", "Jan is a colleague of Tom and married to Mia",
    ],
    "memory_merge": [
        "the same thing is stored several times", "these two notes say the same thing", "you know that twice",
        "combine duplicate notes", "you have noted it twice, make it one note", "tidy up duplicate memories",
        "put these duplicate facts together",
    ],
    "memory_recent": [
        "what did you save just now", "what did you learn about me lately", "what have you noted lately",
        "the last things I told you", "the latest memories of me", "what did you remember last",
        "the newest notes about me", "what have you learned about me this week",
    ],
    "memory_timeline": [
        "which car did I drive ten years ago", "how were things last Christmas", "where did I live in 2019",
        "what was my job back in 2021", "where did I work back then", "who was my boss in 2022",
        "what was it like back then, before I moved", "where did I live before",
        "what was true at that time, years ago", "which address did I have back then",
    ],
    "memory_summary": [
        "what is stored in your memory overall", "how much do you know about me in all",
        "how many facts do you remember altogether", "how many notes are there in your memory altogether",
        "whom do you know the most about", "how big is your memory, how many facts",
        "what do you know about me overall", "since when do you remember things",
    ],
    "memory_forget": [
        "wipe my private data for good", "drop what I said, I don't want you to store it", "forget my old address",
        "forget what I told you about my health", "delete what you know about my ex",
        "forget that, don't keep it any longer", "remove it from your memory", "erase that note about me",
        "you should no longer know my salary, forget it", "delete that memory of me",
    ],
    "memory_update": [
        "that is wrong by now, put it right", "it is Tuesday instead of Monday",
        "I moved, my new address is Mill Lane 3", "I have a new phone number now",
        "that is no longer right, correct it", "Tom has a new job now", "what you know of my job is out of date",
        "I no longer drink coffee", "the date has changed, correct what you remember", "correct what you know about me",
        "she is married now, her name has changed",
    ],
    "memory_export": [
        "back up your memory to a file", "save all your memories to a file",
        "save a copy of everything you know about me", "make a backup file of all your memories",
        "take all your memories along to another PC", "save a copy of all you remember",
    ],
    "memory_import": [
        "read my exported facts back in", "restore your memories from the backup file",
        "load your memories from a file", "load the memories of my old assistant",
        "bring in your memories from the other computer", "load and learn this file of memories",
        "restore the backup of your memories",
    ],
}
# fmt: on
