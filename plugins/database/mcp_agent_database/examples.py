"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "db_query": [
        "how much did we sell last month according to the database", "who are our ten best customers",
        "count the open orders by city", "which products have never been ordered", "run this SELECT for me",
        "how many users registered in March", "look up in the database how many customers we have",
        "total sales per month from our orders", "which customers have not paid their orders",
        "how many orders did we get last month", "what is the average value of our orders",
        "which customers have ordered nothing this year",
    ],
    "db_sample": [
        "show me a few customers from the table", "what do the rows look like", "give me an example of an order",
        "let me peek at a few rows of the products table", "a few example rows of the table",
        "some sample entries from the customers table", "the first handful of rows of that table",
        "show me a couple of rows as a sample", "a typical record, so that I know what the data looks like",
        "a quick look at some of the rows in Postgres", "show me three entries of the collection as an example",
    ],
    "db_explain": [
        "why is this query so slow", "does this query use the index",
        "how does Postgres go about this query, with an index or not", "how could I make this query faster",
        "why does my query take so long", "is an index missing for this query", "show me the query plan",
        "does this query scan the whole table", "explain and analyse this SELECT", "this SELECT takes forever, why",
        "what makes this query slow",
    ],
    "db_find": [
        "find the documents of this user in MongoDB", "look into the MongoDB collection",
        "which sessions are still open in Mongo", "show me the newest log entries from Mongo",
        "get the Mongo documents where the city is Graz", "show the rows of our Supabase table",
        "look up a profile in Supabase", "fetch the document with this id from the collection",
        "which users signed up today in Supabase", "list the active users from Supabase",
        "find the JSON document of that order in Mongo",
    ],
    "db_aggregate": [
        "count the events in Mongo by type", "sum up the orders per customer in MongoDB",
        "what is the average order in the document database", "group the Mongo documents by day",
        "run this aggregation pipeline", "how many documents per country are in the collection",
        "totals per month from a Mongo collection", "join two collections in MongoDB",
        "the maximum and average of each sensor in Mongo", "which user has the most sessions in Mongo, count them",
    ],
    "db_try_execute": [
        "how many rows would that update touch", "try deleting the test orders, but don't do it yet",
        "how many rows would change if I set all prices to zero", "check this UPDATE before I run it",
        "test the DELETE and roll it back", "how many rows would be deleted by this statement",
        "try the update without really doing it", "would this INSERT work, only test it",
        "how many customers would this UPDATE change", "simulate the delete and count the rows",
    ],
    "db_execute": [
        "set the price of the lamp to 30 in the database", "delete the orders from the test customer",
        "add a new customer to the database", "mark all open orders as shipped",
        "fix the typo in that row of the table", "insert a new row into the customers table",
        "update the email of a customer in the database", "change the customer's address in the database",
        "delete these rows from the table", "set all open orders to paid in the database",
        "insert a new product into the database", "remove that customer from the database",
    ],
    "db_plan_migration": [
        "would this schema change work", "dry run the migration", "check the new table before we create it",
        "can we add a column without breaking anything", "test the migration up and down",
        "try out the ALTER TABLE and roll it back", "can this migration be undone, test it",
        "rehearse the schema change", "is it safe to drop this column", "would the migration run without errors",
        "test the new column before we add it",
    ],
    "db_migrate": [
        "add a column for the phone number to the table", "create an index on the order date", "apply the migration",
        "roll the migration back", "make a new table for suppliers in the database",
        "drop the old column from the table", "rename a column of the table", "create a new table in the database",
        "change the type of a column", "add a foreign key to the table",
        "create a view of the open invoices in the database", "add the new columns and indexes now",
    ],
    "db_export": [
        "save all orders from the database as a spreadsheet", "export the customers to CSV",
        "give me the result of the query as an Excel file", "dump this query into a Parquet file",
        "write the report from the database into a file I can send", "export the whole table to csv",
        "export all rows from the database into a file", "dump the orders table into a csv",
        "save the result of the SQL query to a file", "get the customers out of the database as an Excel file",
    ],
    "db_connections": [
        "which databases can you see", "in which database is our customer data kept",
        "what databases and data sources do you have", "is there a SQLite database in my documents",
        "are you hooked up to the shop's database", "which databases do we have", "are you connected to our database",
        "list the databases you are connected to", "which databases do you have access to",
        "which database connections are set up", "may you write to our database or only read",
    ],
    "db_schemas": [
        "what tables are in there", "show me which tables are stored in the database", "which table is the biggest",
        "how many customers do we have roughly", "which tables does the shop database have",
        "list the tables in the database", "which table holds the customers", "which collections are in Mongo",
        "roughly how many rows does each table have", "list all tables and views", "is there a table for suppliers",
        "list the collections and their sizes",
    ],
    "db_describe": [
        "what columns does the orders table have", "by which keys are orders and customers connected",
        "show me the fields and keys of the invoices table", "which fields are required",
        "is there an index on the date column", "which columns and types does this table have",
        "explain the structure of the orders table", "what is the primary key of the table",
        "which foreign keys does the table have", "of which type is the price column",
        "what are the fields and types in this collection", "describe the customers table column by column",
    ],
    "db_health": [
        "is the database healthy", "how big is the database by now", "are there stuck queries or locks in the database",
        "how many connections are open on the database server", "is the database file damaged",
        "is our database all right", "how large is the database file", "which version is the database server",
        "how long has the database server been up", "check whether the SQLite file is damaged",
        "is something locked in the database", "is our Postgres healthy and all right",
    ],
    "db_suggest_indexes": [
        "which indexes are missing", "how can we make the database faster", "are there indexes nobody uses",
        "suggest indexes for the shop", "are some of our indexes useless", "which indexes could we drop",
        "are there duplicate indexes", "which foreign keys have no index", "recommend some indexes for our Postgres",
        "which indexes should I add",
    ],
    "db_top_queries": [
        "what keeps the database busy", "which queries are the slowest", "which queries are running right now",
        "who is hogging the database server", "which queries took the most time",
        "the ten slowest queries of the server", "which query is run most often",
        "which statements are running in Postgres right now", "what keeps our database server so busy",
        "which statements take the most time on the server",
    ],
    "db_erd": [
        "draw me the database", "show a diagram of how the tables hang together", "make an ER diagram",
        "map out the shop's tables in a diagram", "a picture of the schema with its relations",
        "draw the tables and how they are linked", "visualise the database as a diagram",
        "a picture of all tables and their foreign keys", "an entity relationship diagram for the documentation",
        "draw the data model of the database",
    ],
}
# fmt: on
