"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "desktop_list_folders": [
        "which folders can you see", "what are you allowed to open", "where may you save things",
        "do you have access to my downloads", "which directories may you write to",
        "which parts of my computer can you reach", "can you get at my photos",
    ],
    "desktop_list_files": [
        "what is in my downloads", "show what the documents folder contains", "which pictures are in this directory",
        "how big are the things in there", "what is the newest thing in Downloads",
        "what have I got in the invoices folder", "what did I save there",
    ],
    "desktop_tree": [
        "how are my folders organised", "an outline of all subfolders", "show the whole hierarchy",
        "structure of the project directory", "which folders lie inside which",
        "the complete layout of my archive, level by level",
    ],
    "desktop_read_file": [
        "what does the contract say", "summarise this PDF", "read me the letter from the bank",
        "what is written in notes.txt", "how much is on the invoice", "open the lease and find the notice period",
        "go through my CV", "what does the receipt from the garage say", "what stands in that Word document",
    ],
    "desktop_search_files": [
        "where did I write about beans", "find my tax return", "where is the invoice of the plumber",
        "I lost a photo called beach", "which document mentions the word warranty", "locate my CV on the disk",
        "are there any mp3 songs on here", "I can't find the slides for Monday", "where have I put the rental contract",
    ],
    "desktop_write_file": [
        "save this as a text file", "write the recipe down in a new file", "create a note called ideas.txt",
        "put the poem on my disk", "store that summary in my documents", "make a README of it",
        "keep this list as a file in my folder",
    ],
    "desktop_edit_file": [
        "change the date in notes.txt", "replace Smith with Miller in the letter", "fix the typo in the readme",
        "correct a word in my text", "add a line to my diary",
        "swap the old phone number for the new one in contacts.txt", "take that paragraph out of the draft",
    ],
    "desktop_move": [
        "rename the photo", "put the receipt into the tax folder", "sort these downloads into folders",
        "call it invoice-may.pdf instead", "shift the songs to Music", "give this document a better name",
        "archive last year's letters", "tidy up my desktop folder",
    ],
    "desktop_trash": [
        "throw the old drafts away", "delete this document", "get rid of the screenshots", "bin the double photos",
        "remove the old installer from downloads", "I don't need that folder any more", "clear out the temporary stuff",
    ],
    "desktop_processes": [
        "why is my computer so slow", "what is eating my RAM", "which program needs the most CPU", "is Firefox running",
        "what makes the fan so loud", "has the app crashed or is it still going", "which apps are open at the moment",
        "what is hogging the processor", "something seems frozen on my laptop",
    ],
    "desktop_system_info": [
        "how much RAM does this PC have", "how much space is left on my hard drive", "how full is the laptop battery",
        "which processor is in here", "is my disk almost full", "what kind of computer is this",
        "is the charger plugged in", "do I have enough storage", "how much memory is free",
    ],
    "desktop_notify": [
        "tell me when it is done", "pop up a message when you have finished", "send an alert to my computer",
        "a note in the corner of the display, please", "give me a heads-up when the export is ready", "ping me",
        "call me when you need my attention",
    ],
    "desktop_open": [
        "open the presentation for me", "bring up the holiday photo", "open example.org in my browser",
        "pull up the slides", "let me see that PDF in its viewer", "play the video file",
        "display the spreadsheet so that I can go on with it", "take me to the folder",
    ],
    "desktop_clipboard": [
        "what did I just copy", "use the text I copied", "translate what I have copied",
        "I have a link in ctrl+c, what is it", "take what I cut out a moment ago", "read what I am about to paste",
        "the thing I copied needs better wording",
    ],
    "desktop_copy": [
        "copy that so I can paste it", "get the answer ready for pasting", "let me paste this into an email",
        "I want to ctrl+v the address", "copy the translation for me", "make it available for pasting elsewhere",
    ],
    "desktop_screenshot": [
        "what is wrong with the window I see", "look at my screen", "what do you see on my monitor",
        "take a screen grab", "what does this error message in front of me mean", "can you see this dialog",
        "which button do I click", "what is on my display right now", "capture my second monitor",
    ],
    "desktop_watch": [
        "tell me when a new file comes in", "keep an eye on my downloads",
        "notice when something in the folder changes", "monitor the scans directory",
        "say so if anybody edits the shared documents", "look out for incoming invoices in the folder",
        "let me know about new photos arriving",
    ],
    "desktop_unwatch": [
        "stop watching the folder", "no need to keep an eye on downloads any more",
        "quit monitoring the scans directory", "I don't want to hear of new files any longer",
        "end the lookout for incoming invoices",
    ],
}
# fmt: on
