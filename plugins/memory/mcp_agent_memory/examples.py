"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "memory_remember": [
        "remember that my sister's birthday is on 3 May", "please remember that I have a nut allergy",
        "keep in mind that I don't take sugar", "please keep this in mind for next time",
        "don't forget that I am a vegetarian", "remember for next time that I prefer the train",
        "make a note of my dentist's name", "make a note that I parked on level three",
        "write down that the spare key is at the neighbour's", "from now on keep in mind where I live",
        "save this about me for later", "please note my shoe size for next time",
    ],
    "memory_recall": [
        "do you remember my allergy", "do you remember when my lease ends", "what did I tell you about my sister",
        "what did I tell you about my car insurance", "which doctor did I say I go to", "which wine did I say I like",
        "where did I say the key is", "where did I say I parked", "what is my sister's phone number",
        "when is my sister's birthday", "what is my shoe size, which size do I wear", "what am I allergic to",
    ],
    "memory_explain": [
        "what made you bring that up", "why did you remember that", "why did that note come up",
        "why do you not remember what I told you", "why did you think of that fact", "why did you bring up this note",
        "why was that fact not found in your memory", "how come you thought of that",
        "on what grounds did you pick that fact",
    ],
    "memory_get_entity": [
        "what do you know about Anna", "what do you know about this company", "everything you know about my sister",
        "tell me everything about my boss", "tell me all you know about my landlord", "all you know about our dog",
        "who is Anna, and how do I know her", "who is this person, what do you know", "who is Mia",
        "give me all there is about this client before we meet",
        "who are the relatives of Tom, what do you know of him",
    ],
    "memory_relate": [
        "Anna is the sister of Tom", "Jan is the brother of Anna", "Mia is the daughter of my neighbour",
        "my sister is married to Jan", "Jan is a colleague of Tom and married to Mia", "Anna is my boss",
        "Tom works for my neighbour", "Anna and Tom are cousins", "my cousin lives with his girlfriend",
        "she is my aunt, he is her husband", "the dog belongs to my brother", "the bakery belongs to my uncle",
    ],
    "memory_merge": [
        "the same thing is stored several times", "the same fact is noted twice", "these two notes say the same thing",
        "you know that twice", "combine duplicate notes", "you have noted it twice, make it one note",
        "tidy up duplicate memories", "put these duplicate facts together", "both notes mean the same, keep only one",
        "join the two notes about my car into one",
    ],
    "memory_recent": [
        "what did you learn about me lately", "what have you learned about me this week", "what have you noted lately",
        "what did you note down last", "what did you remember last", "the last things I told you",
        "the latest memories of me", "the newest notes about me", "your most recent memories, newest first",
        "what did you save about me just now", "which facts did you learn last",
    ],
    "memory_timeline": [
        "which car did I drive ten years ago", "where did I live in 2019", "where did I work back then",
        "where did I live before", "what was my job back in 2021", "who was my boss in 2022",
        "what was it like back then, before I moved", "what was true at that time, years ago",
        "which address did I have back then", "what was my old phone number at that time",
        "how were things last Christmas",
    ],
    "memory_summary": [
        "what is stored in your memory overall", "what do you know about me overall",
        "how much do you know about me in all", "how much do you remember by now, and about whom",
        "how many facts do you remember altogether", "how many notes are there in your memory",
        "how many duplicates are there among the facts", "whom do you know the most about",
        "how big is your memory, how many facts", "since when do you remember things",
        "an overview of how much is in your memory", "how full is your memory by now",
    ],
    "memory_forget": [
        "forget my old address", "forget what I told you about my health", "forget that, don't keep it any longer",
        "forget it and erase it from your memory", "remove it from your memory", "erase that note about me",
        "delete what you know about my ex", "delete that memory of me",
        "you should no longer know my salary, forget it", "wipe my private data for good",
        "drop what I told you, I don't want you to keep it", "forget everything about the surprise party",
    ],
    "memory_update": [
        "I moved, my new address is Mill Lane 3", "I have a new phone number now", "Tom has a new job now",
        "she is married now, her name has changed", "that is wrong by now, correct it",
        "that is no longer right, put it right", "correct what you know about me, it has changed",
        "what you know of my job is out of date", "the date has changed, it is Tuesday instead of Monday",
        "I no longer drink coffee", "I no longer work there, I have a new boss now",
        "we have a new car now, the old one is sold",
    ],
    "memory_export": [
        "back up your memory to a file", "save all your memories to a file",
        "save a copy of everything you know about me", "save a copy of all you remember",
        "make a backup of all your memories", "make a backup file of what you know",
        "write all your memories out as markdown notes", "write out everything you remember into a file",
        "take all your memories along to another PC", "I change to another PC, pack up what you know about me",
        "give me a dump of all you know about me, as a file", "export your memories",
    ],
    "memory_import": [
        "restore your memories from the backup file", "restore the backup of your memories",
        "load your memories from a file", "load the memories of my old assistant",
        "load and learn this file of memories", "bring in your memories from the other computer",
        "bring in the notes of my old assistant", "read my exported facts back in",
        "read in the file with your memories", "take in the facts from this file and learn them",
        "get your memories back from the file after the reinstall",
        "learn what my previous assistant knew, from its file",
    ],
}
# fmt: on
