"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "db_query": [
        "how much did we sell last month", "who are our ten best customers", "count the open orders by city",
        "which products have never been ordered", "run this SELECT for me", "show the monthly growth as a table",
        "look up in the database how many customers we have", "total sales per month from our orders",
        "a list of customers with unpaid invoices",
    ],
    "db_sample": [
        "show me a few customers", "what do the rows look like", "give me an example of an order",
        "let me peek into the products", "a few example rows of the table",
        "some sample entries from the customers table",
    ],
    "db_explain": [
        "why is this query so slow", "does this use the index", "what will the database do to answer this",
        "how could I make this report faster", "why does my query take so long", "is an index missing for this query",
    ],
    "db_find": [
        "find the documents of this user", "look into the MongoDB collection", "which sessions are still open in Mongo",
        "show me the newest log entries from Mongo", "get the documents where the city is Graz",
        "show the rows of our Supabase table", "look up a profile in Supabase",
    ],
    "db_aggregate": [
        "count the events in Mongo by type", "sum up the orders per customer in MongoDB",
        "what is the average order in the document database", "group the Mongo documents by day",
        "run this aggregation pipeline",
    ],
    "db_try_execute": [
        "how many rows would that update touch", "try deleting the test orders, but don't do it yet",
        "what would happen if I set all prices to zero", "check this UPDATE before I run it",
    ],
    "db_execute": [
        "set the price of the lamp to 30", "delete the orders from the test customer", "add a new customer",
        "mark all open orders as shipped", "fix the typo in that row",
    ],
    "db_plan_migration": [
        "would this schema change work", "dry run the migration", "check the new tables before we make them",
        "can we add a column without breaking anything",
    ],
    "db_migrate": [
        "add a column for the phone number", "create an index on the order date", "apply the migration",
        "roll the migration back", "make a table for suppliers",
    ],
    "db_export": [
        "save all orders as a spreadsheet", "export the customers to CSV", "give me that result as an Excel file",
        "dump this query into a Parquet file", "write the report into a file I can send",
    ],
    "db_connections": [
        "which databases can you see", "where is our customer data kept", "what data sources do you have",
        "is there a SQLite file in my documents", "are you hooked up to the shop's database",
        "which databases do we have", "are you connected to our database",
    ],
    "db_schemas": [
        "what tables are in there", "show me what is stored in the shop database", "which table is the biggest",
        "how many customers do we have roughly", "where would invoices be kept", "list the tables in the database",
        "which table holds the customers", "which collections are in Mongo",
    ],
    "db_describe": [
        "what columns does the orders table have", "how are orders and customers connected",
        "what does a row of products look like inside", "which fields are required", "is there an index on the date",
        "which columns and types does this table have", "explain the structure of the orders table",
    ],
    "db_health": [
        "is the database healthy", "how big is the database by now", "are there stuck queries or locks",
        "how many connections are open", "is the file damaged", "is the database running all right",
        "how full is the database, how many are connected",
    ],
    "db_suggest_indexes": [
        "which indexes are missing", "how can we make the database faster", "are there indexes nobody uses",
        "suggest indexes for the shop",
    ],
    "db_top_queries": [
        "what keeps the database busy", "which queries are the slowest", "what runs right now",
        "who is hogging the database server",
    ],
    "db_erd": [
        "draw me the database", "show a diagram of how the tables hang together", "make an ER diagram",
        "map out the shop's tables",
    ],
}
# fmt: on
