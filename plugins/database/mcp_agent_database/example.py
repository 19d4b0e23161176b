"""A small shop in memory: something to ask where nobody has configured a database."""

from __future__ import annotations

import sqlite3

_TABLES = """
create table customers (id integer primary key, name text not null, city text not null, joined date not null);
create table products (id integer primary key, name text not null unique, price numeric not null,
                       stock integer not null);
create table orders (id integer primary key, customer_id integer not null references customers (id),
                     placed date not null, status text not null);
create table order_items (order_id integer not null references orders (id),
                          product_id integer not null references products (id),
                          quantity integer not null, primary key (order_id, product_id));
create index orders_by_customer on orders (customer_id);
"""
_CUSTOMERS = ("Ada", "Bruno", "Chiara", "Dmitri", "Eva", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_CITIES = ("Lisbon", "Graz", "Tartu")
_PRODUCTS = (("Lamp", 34.5), ("Chair", 89.0), ("Desk", 240.0), ("Rug", 120.0), ("Shelf", 75.0), ("Clock", 19.9))
_ORDERS = 60


class Example:
    """The same rows each time it is opened."""

    def where(self) -> str:
        return "an example, a small shop in memory"

    def open(self, *, write: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.executescript(_TABLES)
        connection.executemany(
            "insert into customers values (?, ?, ?, ?)",
            [(n, name, _CITIES[n % 3], f"2025-{n:02}-15") for n, name in enumerate(_CUSTOMERS, 1)],
        )
        connection.executemany(
            "insert into products values (?, ?, ?, ?)",
            [(n, name, price, 7 * n % 23) for n, (name, price) in enumerate(_PRODUCTS, 1)],
        )
        for n in range(1, _ORDERS + 1):
            status = ("shipped", "shipped", "open", "returned")[n % 4]
            row = (n, n * 7 % len(_CUSTOMERS) + 1, f"2026-{n % 10 + 1:02}-{n % 27 + 1:02}", status)
            connection.execute("insert into orders values (?, ?, ?, ?)", row)
            items = {n * step % len(_PRODUCTS) + 1: n % step + 1 for step in (1, 5)}
            connection.executemany(
                "insert into order_items values (?, ?, ?)", [(n, product, count) for product, count in items.items()]
            )
        return connection
