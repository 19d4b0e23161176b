"""What ``mcp-agent demo`` shows of databases."""

from __future__ import annotations

from mcp_agent import Scene, Stage
from mcp_agent_database.desk import EXAMPLE

_BEST = """
    select c.city, count(distinct o.id) as orders, round(sum(i.quantity * p.price), 2) as sold
    from customers c join orders o on o.customer_id = c.id join order_items i on i.order_id = o.id
    join products p on p.id = i.product_id where o.status <> 'returned' group by c.city order by sold desc
"""


async def _asks(stage: Stage) -> None:
    tables = (await stage.call("db_schemas", connection=EXAMPLE)).data["relations"]
    stage.say(f"A small shop: {', '.join(one['name'] for one in tables)}.")
    rows = (await stage.call("db_query", connection=EXAMPLE, statement=_BEST)).data["rows"]
    stage.check(len(rows) == 3, f"three cities were expected: {rows}")
    stage.say(f"Most was sold in {rows[0]['city']}: {rows[0]['sold']} in {rows[0]['orders']} orders.")
    hidden = "with gone as (select 1) delete from orders"
    refused = await stage.call("db_query", connection=EXAMPLE, statement=hidden)
    stage.check(refused.is_error, "a query deleted the orders")
    stage.say("A DELETE that looks like a query is refused.")


SCENES = [Scene("It asks a database, and changes nothing", _asks)]
