"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "research_search": [
        "who is the president of that country", "how tall is that tower, google it", "look it up on the internet",
        "look up on the web who won the election", "google the best vacuum cleaner", "search online for a recipe",
        "find a website about beekeeping", "who won the match last night, look it up online",
        "search the internet for reviews of this phone", "what is in the news today", "google how to remove a stain",
        "look online for the weather tomorrow",
    ],
    "research_fetch": [
        "open this link and tell me what it says", "read the article at this link", "summarise this website",
        "what does this web page say", "read this URL", "get the text of this blog post",
        "here is a link to an article, what is it about", "what does the Wikipedia article say",
        "summarise the news article behind this link", "go to https://example.org and sum the page up",
        "load the web page again, has it been updated", "read the PDF at this web address",
    ],
    "research_read_source": [
        "continue where the text broke off", "read on in the article you saved", "the rest of the page you saved",
        "what exactly does source 12 say", "quote the saved page word for word", "read the next part of that source",
        "continue with the rest of the article", "the exact words of source 3",
        "give me the exact sentence in source 7", "what else does the saved article say, keep reading",
        "the original wording in that source",
    ],
    "research_sources": [
        "a list of references, which links are behind it", "which websites did you read",
        "where did you get that from, which sources", "list the sources you used",
        "which websites and articles have you read so far", "on what date did you read that website",
        "how many sources have you used", "list all the pages and websites you have kept",
        "which sources is your answer based on", "give me the links to the pages you looked at",
    ],
    "research_start": [
        "dig deep and prepare a dossier on our competitor",
        "compare the market for me in depth, with everything there is", "do a thorough investigation of the topic",
        "write me an in-depth study about electric cars", "investigate the topic thoroughly in the background",
        "look into it in depth and come back later", "research everything about heat pumps in depth, take your time",
        "do an in-depth comparison of insurers", "I need a thorough report on the subject",
        "write a detailed report about the topic", "take an hour and research the pros and cons thoroughly",
        "start a big research on battery recycling",
    ],
    "research_status": [
        "progress of the research, are you still looking into it", "how far is the study",
        "is the investigation finished yet", "how far are you with the report", "what has the study cost so far",
        "which investigations are still running", "are you still working on that report",
        "how much longer will the study take", "is the report finished yet",
        "did anything go wrong with the research so far", "when will the research be done",
    ],
    "research_stop": [
        "call off the inquiry, never mind", "stop the study", "cancel the investigation", "stop working on that report",
        "stop the investigation, that is enough", "cancel the study, spend no more on it", "stop that research now",
        "end the research, I have what I need", "call off the study, I know enough",
        "cancel that report, I don't need it",
    ],
    "research_report": [
        "what was the outcome of the research", "show me the finished study", "what did the investigation find",
        "give me the finished report", "the findings and results of the study",
        "make slides of the findings of the research", "the conclusions of the finished report",
        "what did your research find out", "save what you researched as a Word file",
        "the research report as a document with its sources", "what did you come up with in your research",
        "the results of your comparison of insurers",
    ],
    "research_index_documents": [
        "update the library, I have added books", "make my PDFs searchable", "read in all my documents",
        "take my manuals into your library", "read in my folder of PDFs", "learn all my documents and papers",
        "add the new contracts to my library", "scan my documents into the library so that I can ask questions",
        "my documents have changed, read them in again", "index my folder of lecture notes",
        "I put new PDFs into the folder, take them into your library",
    ],
    "research_local": [
        "find a quote in my lecture notes", "which page of my manuals explains it",
        "what do my own documents say about insurance", "search in my own PDFs for a passage",
        "in which of my contracts is the notice period", "find the part about the warranty in my manuals",
        "what does my policy say about water damage, search my documents", "search my own library for a quote",
        "look it up in my manuals", "what do my contracts say about notice",
        "how do I descale the machine according to my manuals", "the passage about the deposit in my documents",
    ],
    "research_papers": [
        "publications, trials and evidence by scientists", "literature for my thesis", "scientific studies about sleep",
        "find scientific papers on the topic", "what does science say about it", "studies on migraine",
        "the newest medical research papers", "scientific articles by this author",
        "are there scientific studies that show it works", "peer reviewed papers in a journal",
        "how often has this paper been cited", "preprints about climate models",
    ],
    "research_doi": [
        "turn it into a reference for my thesis", "cite this paper", "what is 10.1038/nature12373",
        "make a citation for my bibliography", "is this citation real", "who wrote the paper 10.1145/3292500",
        "format the citation for my bibliography", "does this reference exist", "resolve this DOI",
        "in which journal and year did the paper with this DOI appear",
        "title and authors of https://doi.org/10.1000/182",
    ],
    "research_verify": [
        "did you invent anything, prove every sentence", "are the quotes right", "fact check my text",
        "did you make up any of that report", "do the quotes match the sources",
        "is every sentence of the report true to its source", "check my essay for made up quotes",
        "are the quotes and citations in the text correct", "which sentences are not backed up by a source",
        "check that no sentence of the report is invented", "are the claims in my article backed up by the sources",
    ],
}
# fmt: on
