"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "desktop_list_folders": [
        "which folders can you see", "which folders are you allowed to open", "which folders are you allowed to change",
        "where are you allowed to save files", "which directories do you have access to",
        "do you have access to my photos", "do you have access to my documents",
        "what on my computer are you allowed to see", "can you get at my drive, do you have access",
        "which parts of my computer can you see", "are you allowed to touch my files",
        "are my music and pictures folders open to you",
    ],
    "desktop_list_files": [
        "what is in my downloads folder", "which files are in my downloads", "what files are in the documents folder",
        "which photos are in the photos folder", "list the files in this directory", "list what is in this folder",
        "show me what is in this folder", "how many files are in this folder", "how big are the files in this folder",
        "what is the newest file in my downloads", "what did I download today, what is the newest",
        "is the folder empty or are files in it",
    ],
    "desktop_tree": [
        "an outline of the whole directory tree", "how are my folders organised",
        "how is the project directory structured", "all subfolders of my documents", "show the whole folder structure",
        "the structure of the project directory", "which subfolders are in there",
        "the folder hierarchy, level by level", "an indented list of all folders and subfolders",
        "the tree of folders, three levels deep", "give me the layout of the project folder",
    ],
    "desktop_read_file": [
        "what does the contract say", "summarise this PDF", "what does this PDF say",
        "read the PDF and give me the main points", "read the text file to me", "what is written in notes.txt",
        "what is written in the letter", "read me the letter from the bank",
        "what does the receipt say, and how much is on the invoice", "how much is on the receipt",
        "read the lease and tell me the notice period", "read my CV, what does it say",
    ],
    "desktop_search_files": [
        "find my tax return on the computer", "find all songs and photos on the computer",
        "find a spreadsheet on the computer", "where on my computer is the file with the invoice",
        "where is the file with the lease", "find the file with my contract, I can't find it",
        "find the file that mentions the warranty", "I can't find the photo on my computer",
        "I can't find my slides on the computer, where are they", "where did I save my CV, I can't find it",
        "where did I save the text about beans", "search my computer for a receipt",
    ],
    "desktop_write_file": [
        "save this as a text file", "save this in a new file", "save that summary as a file",
        "create a note called ideas.txt", "create a new text file with this list",
        "write the recipe into a new text file", "write this down in a file on my computer",
        "make a text file with my ideas", "put this code into a new file", "save our conversation as a text file",
        "create a readme file", "overwrite the file with this new text",
    ],
    "desktop_edit_file": [
        "change the date in my text file", "replace the old address in my text file", "change the text in contacts.txt",
        "add a line to my text file", "take a line out of my text file", "fix the typo in this text",
        "fix the spelling in this text file", "correct the typo in the file", "correct a word in my document",
        "replace one word with another in the file", "swap two sentences in the text file",
        "change a line in the config file",
    ],
    "desktop_move": [
        "rename the photo", "rename the file to may.pdf", "rename the folder", "give this document another name",
        "move the songs into my music folder", "move last year's letters into the archive folder",
        "put the receipt into another folder", "shift the old stuff to the archive folder",
        "sort my downloads into folders", "tidy up my downloads, sort them into folders",
        "organise my pictures by year", "sort the pictures into folders by year",
    ],
    "desktop_trash": [
        "delete this document", "delete the old photos", "delete an old file from my computer",
        "delete the duplicate pictures", "get rid of the old screenshots", "get rid of this file, I don't need it",
        "throw the folder away", "throw the old drafts away", "put this file in the trash",
        "into the recycle bin with that file", "bin the old downloads", "clear out the old installers and downloads",
    ],
    "desktop_processes": [
        "why is my computer so slow", "why is my laptop so hot and slow", "what is eating my RAM",
        "which app eats all the RAM of my laptop", "which app uses the most CPU",
        "which program is hogging my processor", "what makes the fan of my computer so loud", "is Firefox running",
        "which apps are running on my computer", "did the app crash or is it still running",
        "which program is frozen, is it still running", "list the running programs, the busiest first",
    ],
    "desktop_system_info": [
        "how much RAM does my PC have", "how much space is left on my hard drive", "is my hard drive full",
        "is the disk of my laptop almost full", "how much storage does my laptop have",
        "how full is the battery of my laptop", "is my laptop charging", "which CPU is in my computer",
        "what kind of computer is this, what are its specs", "how much memory of my PC is free",
        "which version of Linux or Windows does my computer run", "is the charger of my laptop plugged in",
    ],
    "desktop_notify": [
        "tell me when you are done", "ping me when you are done",
        "pop up a message on my desktop when you are finished", "let me know on my desktop when you are finished",
        "send an alert to my desktop", "give me an alert on my desktop",
        "give me a heads-up on the desktop when it is ready", "show a notification on my computer",
        "show a popup on my desktop", "send a desktop notification when it is ready",
        "flash a message at me once you are through", "buzz me at the computer when the work is done",
    ],
    "desktop_open": [
        "open the photo on my screen so that I can see it", "show me the photo on my computer",
        "open the presentation for me on my computer", "open the folder on my computer", "open the page in my browser",
        "open this link in my browser", "bring up the website in my browser", "open the PDF in its viewer",
        "open the spreadsheet in its program", "open the document in its program", "play the video file on my computer",
        "play the song in its program on my computer",
    ],
    "desktop_clipboard": [
        "what did I just copy", "use the text I copied", "translate what I have copied",
        "what is the link that I just copied", "what is in my clipboard", "fix the wording of what I copied",
        "paste what I copied here", "what did I cut out with ctrl+x", "I copied an error message, explain it",
        "shorten the paragraph I have copied", "read my clipboard to me", "I put something in the clipboard for you",
    ],
    "desktop_copy": [
        "put it where ctrl+v finds it", "copy that so I can paste it", "copy the answer for pasting",
        "let me paste this into an email", "I want to paste the address somewhere",
        "copy the translation for me to paste", "make it ready to paste", "make this ready for ctrl+v",
        "put this text into my clipboard", "copy the code so that I can paste it into my editor",
        "copy your reply so that I can paste it elsewhere",
    ],
    "desktop_screenshot": [
        "what is on my screen right now", "look at my screen", "look at the window on my screen",
        "what do you see on my monitor", "what does this error message on my screen mean",
        "can you see this dialog window", "which button on the screen do I click",
        "make a capture of my second monitor", "take a picture of my screen", "a screen grab of the display",
        "what is wrong with the window I see", "take a screenshot",
    ],
    "desktop_watch": [
        "keep an eye on my downloads folder", "keep an eye on the folder for new invoices",
        "tell me when a new file comes in", "tell me when new photos come in",
        "tell me when something in the folder changes", "let me know when a file in the folder changes",
        "monitor the folder and tell me about new scans", "watch this folder for changes",
        "notice when a download arrives", "tell me when the download has arrived", "watch for new files in the folder",
        "alert me when anybody changes the files in the folder",
    ],
    "desktop_unwatch": [
        "stop watching the folder", "stop keeping an eye on the folder", "stop monitoring",
        "no more alerts about new files", "don't watch it any more", "you can stop telling me about new files",
        "quit monitoring the downloads", "stop looking at that directory", "end the watch",
        "enough with the alerts about that folder", "end the watch on my downloads folder",
    ],
}
# fmt: on
