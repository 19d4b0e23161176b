"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "office_render_preview": [
        "show me what the slide looks like", "preview of the document", "render page 2 as a picture",
        "how does the spreadsheet look", "make a screenshot of my presentation",
        "let me see what the page will look like in print", "show the finished slide as an image",
        "how does the letter look on paper",
    ],
    "office_convert": [
        "save the document as pdf", "convert the slides to pdf", "turn this doc file into docx",
        "export the sheet as csv", "make an odt from my letter", "make a pdf of the letter",
        "save the spreadsheet as csv", "change the Word file into a pdf", "export my slides as pdf",
    ],
    "office_diff": [
        "what changed between these two versions", "compare the two contracts", "difference between the spreadsheets",
        "did somebody change the deck", "what is new in the second draft",
        "what is different in the new version of the contract", "compare the old and the new spreadsheet",
        "which paragraphs were changed between both drafts",
    ],
    "office_search": [
        "which document mentions the boiler", "search my excel files for a name", "find the presentation about budgets",
        "where did I write about the roof", "search all office files in a folder",
        "which of my Word and excel files mentions a name", "look through all presentations for a word",
        "in which spreadsheet is the customer",
    ],
    "office_create_deck": [
        "make a presentation about our trip", "create slides from this outline", "build a powerpoint with charts",
        "turn the report into a deck", "make slides with speaker notes", "make a powerpoint for my talk on Monday",
        "slides for a lecture", "a slide show with pictures",
    ],
    "office_read_deck": [
        "what is in the presentation", "read the powerpoint", "summarize the slides", "show the speaker notes",
        "what does slide 5 say", "what do the slides say", "read my powerpoint to me",
        "how many slides are there and what is on them",
    ],
    "office_check_deck": [
        "does anything overlap on my slides", "check the presentation for layout problems", "is the text too small",
        "are the slides readable", "proofread the layout of the deck", "is the text on my slides too small or cut off",
        "do my slides look right", "check the powerpoint before my talk",
    ],
    "office_edit_slide": [
        "change the title of slide 2", "delete the last slide", "add a slide at the end of the deck",
        "move slide 4 to the front", "add speaker notes to the slide", "fix a title in my powerpoint",
        "add one more slide", "reorder the slides", "change the text on the third slide",
    ],
    "office_read_doc": [
        "what does the word document say", "read my letter", "summarize the docx", "open the contract",
        "read the report I got", "what does the contract in word say", "read the docx letter to me",
        "which clauses are in the Word contract", "summarise the Word document",
    ],
    "office_create_doc": [
        "write a letter in word", "make a docx report", "create a document with a table of contents",
        "turn these notes into word", "write this up as a document", "draft a cover letter as a Word document",
        "make a nicely laid out Word file of this", "write a formal letter to my landlord in docx",
    ],
    "office_fill_template": [
        "fill in the invoice template", "mail merge for these people", "make one letter for each row",
        "complete the form", "put the names into the certificate", "fill in the form letter for each guest",
        "make the invoice from our template", "fill the certificate template with names",
    ],
    "office_replace_text": [
        "replace the old company name in the document", "change the date in my letter",
        "fix this typo everywhere in the docx", "rename Bob to Robert in the contract", "delete this sentence",
        "change the name everywhere in the Word document", "put a new address into the docx letter",
        "swap one word for another in the Word file",
    ],
    "office_track_changes": [
        "suggest changes in the contract", "edit the document with track changes", "mark up my essay with corrections",
        "propose a better wording in word", "redline this agreement",
        "edit the contract so that others can see my changes",
        "suggest a better wording in the Word document with track changes", "correct my essay with visible corrections",
    ],
    "office_list_changes": [
        "what changes are suggested in the document", "list the tracked changes", "who edited the contract",
        "show me the redlines", "what did they delete", "which corrections did my colleague make in the Word document",
        "what edits are waiting in the contract",
    ],
    "office_settle_changes": [
        "accept all changes", "reject the changes in the document", "accept change 3", "clean up the track changes",
        "take over the suggestions", "accept my colleague's edits in the Word document",
        "turn down the suggested corrections", "approve every correction",
    ],
    "office_add_comment": [
        "comment on this paragraph", "add a note to the document for my colleague", "leave a comment in the contract",
        "mark this sentence with a question", "annotate the docx",
        "write a remark next to the paragraph in the Word document", "put a question in the margin of the contract",
    ],
    "office_read_sheet": [
        "what is in this excel file", "read my budget spreadsheet", "show me rows 20 to 40 of the list",
        "which formula is in cell B7", "open the xlsx my accountant sent", "what is in the cells of my spreadsheet",
        "read the excel table to me", "what number is in that cell", "show the rows of the xlsx file",
    ],
    "office_describe_workbook": [
        "what sheets does this workbook have", "give me an overview of the excel file", "does this file have macros",
        "are there errors in my spreadsheet", "what columns are in it",
        "which sheets and columns does the excel file have", "what is this workbook about",
        "explain how the spreadsheet is built",
    ],
    "office_query_sheet": [
        "how much did we spend per month in this spreadsheet", "which customers ordered most in the excel list",
        "find all rows with amount over 1000", "average of the price column", "join these two sheets",
        "how much did I spend on food according to the spreadsheet", "who owes the most in the excel list",
        "average of a column in the excel sheet", "filter the rows of the spreadsheet",
    ],
    "office_create_workbook": [
        "make an excel file of this list", "create a spreadsheet of my expenses", "put these rows into a workbook",
        "save the query result as xlsx", "make a budget table", "make me an excel table of my monthly expenses",
        "a new spreadsheet with these columns and rows", "save this list as an excel file",
    ],
    "office_write_cells": [
        "change cell B2 to 500", "add a row to my spreadsheet", "fill in these numbers", "put a total under the column",
        "append today's values to the log sheet", "enter the new numbers into my spreadsheet",
        "add today's expense as a new row in the excel file", "put 500 into that cell",
        "correct an amount in the table",
    ],
    "office_recalculate": [
        "compute the formulas in my spreadsheet", "update all totals", "why does the sum show nothing",
        "recalculate the workbook", "check the formulas for errors",
        "the totals in my excel file are out of date, compute them again", "the formula cells are empty",
        "make the formulas show their values",
    ],
    "office_format_range": [
        "make the header bold", "format column C as currency", "colour the cells red", "make the column wider",
        "show these as percentages", "make the column headings bold and wider in excel", "show the amounts in euros",
        "highlight the cells in a colour", "draw borders around the table",
    ],
    "office_add_chart": [
        "add a chart of sales per month", "make a pie chart from this table", "draw a line graph in the spreadsheet",
        "visualize these numbers in excel", "bar chart next to the table", "draw a bar or pie chart of my expenses",
        "put a graph of these numbers into the spreadsheet", "a diagram in the excel sheet",
    ],
    "office_pivot": [
        "pivot table of sales by region", "summarize amounts per category and month", "total per customer",
        "count rows by status", "average price by product", "sum up the spreadsheet by month and category",
        "totals for each region in a table", "group the rows and count them",
    ],
    "office_import_data": [
        "turn this csv into excel", "import the json file into a spreadsheet", "open the parquet file as xlsx",
        "convert csv to a workbook", "load the export into excel", "convert the csv of my bank into excel",
        "open the csv as a spreadsheet", "make an xlsx of a csv or json file",
    ],
}
# fmt: on
