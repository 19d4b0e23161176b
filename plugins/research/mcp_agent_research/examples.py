"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "research_search": [
        "look it up on the internet", "google the best vacuum cleaner", "latest news on the strike",
        "find a recipe online for apple pie", "what does the web say of heat pumps", "find websites on beekeeping",
        "who won the election yesterday", "current price of copper", "how is the weather going to be in Lisbon",
    ],
    "research_fetch": [
        "open this link and say what is in it", "read the article at https://example.org/news", "sum up this website",
        "what does this URL lead to", "get the text of the blog post", "here is a link, is it worth reading",
        "what does the Wikipedia page say", "check the page once more for changes",
    ],
    "research_read_source": [
        "go on reading that article", "the rest of the page you saved", "what exactly did source 12 say",
        "give me that passage word for word", "next part of the snapshot", "continue where the text broke off",
        "how did the website look at that time",
    ],
    "research_sources": [
        "which pages did you use", "where did you get that from", "list your references",
        "what websites have you read so far", "which links are behind that claim", "a bibliography of the study",
        "when did you visit that site",
    ],
    "research_start": [
        "do a thorough investigation of home batteries", "write me a study on remote work",
        "dig deep into the topic and come back later", "look into electric cars for me in the background",
        "find out everything on sleep and caffeine, take your time", "prepare a big comparison of health insurers",
        "I need a well founded dossier on our competitor", "spend up to two euros on finding this out",
    ],
    "research_status": [
        "how far is the study", "is the investigation finished yet", "what has the report cost so far",
        "which researches are running", "are you still looking into it", "how much longer will the inquiry take",
        "did the dossier run into trouble",
    ],
    "research_stop": [
        "stop researching", "cancel the study", "enough, end the investigation", "call off the inquiry on cars",
        "spend no more on that dossier", "never mind the research, leave it",
    ],
    "research_report": [
        "give me the finished study", "what did the investigation find", "show me the findings",
        "what was the outcome of the research", "make slides of what you found out",
        "the conclusion on electric cars please", "a write-up of the research as a Word file",
    ],
    "research_index_documents": [
        "make my PDFs searchable", "read in my folder of papers", "learn all my manuals",
        "take the new contracts into the library", "scan my documents so that I can ask you about them",
        "I have added books to the shelf, update it", "build a collection of my lecture notes",
    ],
    "research_local": [
        "what do my own papers say on insurance", "search inside my PDFs",
        "in which of my contracts is the notice period", "find the page on the warranty in the manuals",
        "what do my lecture notes say of entropy", "quote my books on gardening",
        "which of my reports mentions the budget cut",
    ],
    "research_papers": [
        "studies on caffeine and sleep", "find scientific articles", "what does science say of fasting",
        "is there a trial that shows it works", "the newest medical literature on migraine", "publications by Curie",
        "peer reviewed evidence for homework", "how often was this study cited", "journal articles for my thesis",
    ],
    "research_doi": [
        "cite this article for me", "what is 10.1038/nature12373", "make a literature entry for my bibliography",
        "is this citation real", "who wrote 10.1145/3292500", "format the citation of that paper",
        "does this reference exist",
    ],
    "research_verify": [
        "are the quotes right", "fact check my essay", "did you make any of that up",
        "do the citations match what the pages say", "is every sentence backed up", "look for invented quotations",
        "prove that the dossier is correct",
    ],
}
# fmt: on
