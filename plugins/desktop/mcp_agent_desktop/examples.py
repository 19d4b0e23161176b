"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "desktop_list_folders": [
        "can you get at my drive", "which folders can you see", "which folders are you allowed to open",
        "where are you allowed to save files", "do you have access to my photos",
        "which directories do you have access to", "what on my computer are you allowed to see",
    ],
    "desktop_list_files": [
        "what is in my downloads folder", "what files are in the documents folder", "which files are in my downloads",
        "how big are the files in this folder", "what is the newest file in my downloads",
        "list the files in this directory", "which photos are in the photos folder", "show me what is in this folder",
    ],
    "desktop_tree": [
        "an outline of the whole directory tree", "how are my folders organised", "all subfolders of my documents",
        "show the whole folder structure", "the structure of the project directory", "which subfolders are in there",
        "the folder hierarchy, level by level",
    ],
    "desktop_read_file": [
        "what does the contract say", "summarise this PDF", "read me the letter from the bank",
        "what is written in notes.txt", "how much is on the invoice", "read the lease and tell me the notice period",
        "read my CV", "what does the receipt say", "what does this PDF say", "what is written in the letter",
        "read the text file to me", "read the PDF and give me the main points",
    ],
    "desktop_search_files": [
        "where did I write about beans", "find my tax return on the computer", "where is the file with the invoice",
        "find the file with my contract", "I can't find the photo on my computer",
        "find the file that mentions the warranty", "where did I save my CV",
        "find all songs and photos on the computer", "I lost my slides, where are they",
        "where is the file with the lease", "find a spreadsheet on the computer", "search my files for a receipt",
    ],
    "desktop_write_file": [
        "save this as a text file", "write the recipe into a new text file", "create a note called ideas.txt",
        "save this in a new file", "save that summary as a file", "create a new text file with this list",
        "write this down in a file on my computer", "make a text file with my ideas",
    ],
    "desktop_edit_file": [
        "swap two sentences in the draft", "change the date in my text file",
        "replace one word with another in the letter", "fix the typo in this text", "correct a word in my document",
        "add a line to my text file", "change the text in contacts.txt", "fix the spelling in this document",
        "correct the typo in the file",
    ],
    "desktop_move": [
        "organise my pictures by year", "shift the old stuff to the archive", "rename the photo",
        "put the receipt into another folder", "sort my downloads into folders", "rename the file to may.pdf",
        "move the songs into my music folder", "give this document another name",
        "move last year's letters into the archive folder", "tidy up my downloads folder",
    ],
    "desktop_trash": [
        "remove the duplicate pictures", "clear out the old installers", "throw the old drafts away",
        "delete this document", "delete the old photos", "get rid of the old screenshots", "bin the old downloads",
        "throw the folder away", "delete an old file from my computer", "get rid of this file, I don't need it",
    ],
    "desktop_processes": [
        "why is my computer so slow", "what is eating my RAM", "which app uses the most CPU", "is Firefox running",
        "what makes the fan of my computer so loud", "did the app crash or is it still running",
        "which apps are running on my computer", "which program is frozen", "which app eats all the RAM of my laptop",
        "what is hogging my processor",
    ],
    "desktop_system_info": [
        "how much memory is free, is it enough", "is the charger plugged in",
        "which version of Linux or Windows does it run", "how much RAM does my PC have",
        "how much space is left on my hard drive", "how full is the battery of my laptop",
        "which CPU is in my computer", "is the disk of my laptop almost full", "what kind of computer is this",
        "how much storage does my laptop have", "is my laptop charging", "is my hard drive full",
    ],
    "desktop_notify": [
        "tell me when you are done", "pop up a message on my desktop when you are finished",
        "send an alert to my desktop", "give me an alert on my desktop", "ping me when you are done",
        "let me know on my desktop when you are finished", "give me a heads-up when it is ready",
    ],
    "desktop_open": [
        "open the presentation for me on my computer", "open the photo on my screen so that I can see it",
        "open the page in my browser", "open the PDF in its viewer", "play the video file on my computer",
        "open the spreadsheet in its program", "open the folder on my computer", "open this link in my browser",
        "open the document in its program", "show me the photo on my computer",
    ],
    "desktop_clipboard": [
        "what did I just copy", "use the text I copied", "translate what I have copied",
        "what is the link that I just copied", "what is in my clipboard", "fix the wording of what I copied",
        "paste what I copied here", "what did I cut out with ctrl+x",
    ],
    "desktop_copy": [
        "put it where ctrl+v finds it", "copy that so I can paste it", "copy the answer for pasting",
        "let me paste this into an email", "I want to paste the address somewhere",
        "copy the translation for me to paste", "make it ready to paste",
    ],
    "desktop_screenshot": [
        "what is wrong with the window I see", "look at my screen", "what do you see on my monitor",
        "what does this error message on my screen mean", "can you see this dialog window",
        "which button on the screen do I click", "what is on my screen right now",
        "make a capture of my second monitor", "take a picture of my screen", "a screen grab of the display",
    ],
    "desktop_watch": [
        "notice when a download arrives", "tell me when a new file comes in", "keep an eye on my downloads folder",
        "tell me when something in the folder changes", "monitor the folder and tell me about new scans",
        "let me know when a file in the folder changes", "keep an eye on the folder for new invoices",
        "tell me when new photos come in",
    ],
    "desktop_unwatch": [
        "quit monitoring the downloads", "stop watching the folder", "stop keeping an eye on the folder",
        "stop monitoring", "no more alerts about new files", "don't watch it any more",
        "you can stop telling me about new files",
    ],
}
# fmt: on
