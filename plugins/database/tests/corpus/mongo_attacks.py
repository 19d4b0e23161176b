"""Pipelines and filters that write, run code, look into the server or into other databases; and those of analysts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Stage = dict[str, Any]

_CODE = {"body": "function() { return db.orders.drop() }", "args": [], "lang": "js"}
_SUM = {
    "init": "function() { return 0 }", "accumulate": "function(a, b) { return a }", "accumulateArgs": ["$n"],
    "merge": "function(a, b) { return a }", "lang": "js",
}  # fmt: skip
_STAGES: tuple[Stage, ...] = (
    {"$out": "stolen"},
    {"$out": {"db": "admin", "coll": "stolen"}},
    {"$out": {"s3": {"bucket": "b", "region": "eu"}}},
    {"$merge": "stolen"},
    {"$merge": {"into": "orders", "whenMatched": "replace"}},
    {"$merge": {"into": {"db": "admin", "coll": "system.users"}, "on": "_id", "whenMatched": [{"$set": {"a": 1}}]}},
    {"$match": {"$where": "this.n == 1"}},
    {"$match": {"$expr": {"$function": _CODE}}},
    {"$addFields": {"a": {"$function": _CODE}}},
    {"$project": {"a": {"$cond": [True, {"$let": {"vars": {"b": {"$function": _CODE}}, "in": "$$b"}}, 1]}}},
    {"$group": {"_id": None, "a": {"$accumulator": _SUM}}},
    {"$bucket": {"groupBy": "$n", "boundaries": [0, 9], "output": {"a": {"$accumulator": _SUM}}}},
    {"$redact": {"$function": _CODE}},
    {"$replaceRoot": {"newRoot": {"$mergeObjects": ["$$ROOT", {"a": {"$function": _CODE}}]}}},
    {"$set": {"a": {"$map": {"input": [1], "in": {"$function": _CODE}}}}},
    {"$set": {"a": {"$reduce": {"input": [1], "initialValue": 0, "in": {"$add": [{"$function": _CODE}, 1]}}}}},
    {"$set": {"a": {"$switch": {"branches": [{"case": {"$function": _CODE}, "then": 1}]}}}},
    {"$sortByCount": {"$function": _CODE}},
    {"$geoNear": {"near": [0, 0], "distanceField": "d", "query": {"$where": "sleep(1e6)"}}},
    {"$graphLookup": {
        "from": "orders", "startWith": "$n", "connectFromField": "n", "connectToField": "n", "as": "a",
        "restrictSearchWithMatch": {"$where": "1"},
    }},
    {"$currentOp": {"allUsers": True}},
    {"$listSessions": {}},
    {"$listLocalSessions": {"allUsers": True}},
    {"$collStats": {"queryExecStats": {}}},
    {"$indexStats": {}},
    {"$planCacheStats": {}},
    {"$queryStats": {}},
    {"$changeStream": {}},
    {"$listSampledQueries": {}},
    {"$shardedDataDistribution": {}},
    {"$_internalInhibitOptimization": {}},
    {"$_internalApplyOplogUpdate": {"oplogUpdate": {}}},
    {"$listClusterCatalog": {}},
    {"$Out": "stolen"},
    {"$OUT": "stolen"},
    {"$out ": "stolen"},
    {"$\u006f\u0075\u0074": "stolen"},
    {"$out\u0000": "stolen"},
    {"$o\u200but": "stolen"},
    {"": {"$out": "stolen"}},
    {"out": "stolen"},
    {"$match": {}, "$out": "stolen"},
    {},
)  # fmt: skip
"""Each also within $lookup, $facet, $unionWith and so on."""

_WHOLE: tuple[Any, ...] = (
    [{"$lookup": {"from": {"db": "local", "coll": "oplog.rs"}, "pipeline": [], "as": "a"}}],
    [{"$lookup": {"from": {"db": "config", "coll": "cache.chunks.x"}, "pipeline": [], "as": "a"}}],
    [{"$lookup": {"from": "system.users", "pipeline": [], "as": "a"}}],
    [{"$lookup": {"from": "system.js", "localField": "a", "foreignField": "b", "as": "a"}}],
    [{"$lookup": {"from": "$cmd", "pipeline": [], "as": "a"}}],
    [{"$lookup": {"from": "orders", "pipeline": {"$out": "stolen"}, "as": "a"}}],
    [{"$lookup": {"from": "orders", "pipeline": [[{"$out": "stolen"}]], "as": "a"}}],
    [{"$unionWith": "system.profile"}],
    [{"$unionWith": {"coll": "system.views"}}],
    [{"$unionWith": {"coll": {"db": "admin", "coll": "x"}}}],
    [{"$unionWith": {"coll": "orders", "pipeline": "$out"}}],
    [{"$graphLookup": {
        "from": "system.users", "startWith": "$a", "connectFromField": "a", "connectToField": "b", "as": "c",
    }}],
    [{"$facet": {"a": {"$out": "stolen"}}}],
    [{"$facet": {"a": "$out"}}],
    [{"$set": {"a": {"$literal": {"$function": _CODE}}}}],
    [{"$set": {"a.$function": _CODE}}],
    [{"$match": {"a.$where": "1"}}],
    [{"$match": {"$and": [{"$or": [{"$nor": [{"$where": "1"}]}]}]}}],
    [{"$match": {"a": {"$elemMatch": {"$where": "1"}}}}],
    [{"$match": {"a": {"$not": {"$where": "1"}}}}],
    [{"$set": {"a": {"$eval": "1"}}}],
    [{"$set": {"a": {"$code": "function() {}"}}}],
    [{"$set": {"a": {"$code": "function() {}", "$scope": {}}}}],
    [{"$set": {"a": {"$_internalJsEmit": {"this": "$$ROOT", "eval": "function() {}"}}}}],
    [{"$group": {"_id": 1, "a": {"$_internalJsReduce": {"data": "$a", "eval": "function() {}"}}}}],
)  # fmt: skip

FILTERS: tuple[dict[str, Any], ...] = (
    {"$where": "this.n == 1"},
    {"$where": {"$code": "this.n == 1"}},
    {"$WHERE": "1"},
    {"$where ": "1"},
    {"\u0024where": "1"},
    {"n": 1, "$where": "sleep(1e9)"},
    {"$and": [{"n": 1}, {"$or": [{"$where": "1"}]}]},
    {"$nor": [{"$nor": [{"$where": "1"}]}]},
    {"n": {"$elemMatch": {"$where": "1"}}},
    {"n": {"$not": {"$where": "1"}}},
    {"n": {"$in": [{"$where": "1"}]}},
    {"n": {"$eq": {"$where": "1"}}},
    {"$expr": {"$function": _CODE}},
    {"$expr": {"$and": [True, {"$gt": [{"$function": _CODE}, 0]}]}},
    {"$expr": {"$let": {"vars": {"x": {"$function": _CODE}}, "in": "$$x"}}},
    {"$query": {"n": 1}, "$where": "1"},
    {"$query": {"$where": "1"}, "$orderby": {"n": 1}},
    {"$eval": "db.orders.drop()"},
    {"$_internalExprEq": 1},
    {"n": {"$_internalSchemaObjectMatch": {}}},
    {"n": {"$code": "1"}},
    {"n.$where": "1"},
    {"$jsonSchema": {"properties": {"n": {"$where": "1"}}}},
)
COLLECTIONS = (
    "system.users",
    "system.js",
    "system.profile",
    "$cmd",
    "$cmd.sys.inprog",
    "orders.$cmd",
    "a\0b",
    "$external",
)
FIELDS = ("$where", "$function", "")


def pipelines() -> Iterator[list[Any]]:
    """Every stage alone, at the end, and hidden in the stages that hold pipelines, one in another."""
    for stage in _STAGES:
        yield [stage]
        yield [{"$match": {"n": 1}}, stage]
        yield [{"$lookup": {"from": "orders", "pipeline": [stage], "as": "a"}}]
        yield [{"$facet": {"a": [{"$count": "n"}], "b": [{"$limit": 1}, stage]}}]
        yield [{"$unionWith": {"coll": "orders", "pipeline": [stage]}}]
        inner = [{"$lookup": {"from": "orders", "pipeline": [{"$facet": {"b": [stage]}}], "as": "a"}}]
        yield [{"$unionWith": {"coll": "orders", "pipeline": [{"$facet": {"a": inner}}]}}]
    yield from _WHOLE
    deep: Any = {"$where": "1"}
    for _ in range(200):
        deep = {"$and": [deep]}
    yield [{"$match": deep}]
    yield [{"$match": {"$or": [{"n": number} for number in range(50_000)]}}]


QUERIES: tuple[list[Stage], ...] = (
    [{"$match": {"n": {"$lt": 50}}}, {"$group": {"_id": "$city", "sum": {"$sum": "$n"}}}, {"$sort": {"_id": 1}}],
    [{"$match": {"$and": [{"n": {"$gte": 5}}, {"$or": [{"city": "a"}, {"city": {"$in": ["b", "c"]}}]}]}}],
    [{"$match": {"city": {"$regex": "^a", "$options": "i"}}}, {"$count": "n"}],
    [{"$match": {"_id": {"$oid": "65f0c0ffee00000000000001"}}}],
    [{"$match": {"at": {"$gte": {"$date": "2026-01-05T00:00:00Z"}}}}, {"$count": "n"}],
    [{"$match": {"$expr": {"$gt": ["$n", {"$multiply": [2, 50]}]}}}, {"$count": "n"}],
    [{"$match": {"lines": {"$elemMatch": {"p": 1, "q": {"$gt": 2}}}}}, {"$count": "n"}],
    [{"$match": {"owner.$id": 7}}],
    [{"$match": {"pipeline": "x", "from": {"db": "y"}, "function": "no operator", "where": "at home"}}],
    [{"$match": {"$jsonSchema": {"required": ["n"], "properties": {"n": {"bsonType": "int"}}}}}],
    [{"$match": {"place": {"$geoWithin": {"$centerSphere": [[15.4, 47.1], 0.01]}}}}],
    [{"$match": {"$text": {"$search": "lamp", "$language": "en"}}}, {"$sort": {"score": {"$meta": "textScore"}}}],
    [{"$match": {"n": {"$mod": [2, 0]}, "lines": {"$size": 1}, "city": {"$exists": True, "$type": "string"}}}],
    [{"$project": {"n": 1, "double": {"$multiply": ["$n", 2]}, "_id": 0}}, {"$limit": 3}],
    [{"$project": {"day": {"$dateToString": {"format": "%Y-%m-%d", "date": "$at"}}}}, {"$limit": 3}],
    [{"$addFields": {"big": {"$cond": {"if": {"$gt": ["$n", 100]}, "then": "yes", "else": "no"}}}}, {"$limit": 3}],
    [{"$set": {"a": {"$ifNull": ["$a", 0]}}}, {"$unset": "lines"}, {"$limit": 3}],
    [{"$unwind": "$lines"}, {"$group": {"_id": "$lines.p", "sold": {"$sum": "$lines.q"}}}],
    [{"$unwind": {"path": "$lines", "preserveNullAndEmptyArrays": True}}, {"$limit": 3}],
    [{"$group": {"_id": None, "n": {"$avg": "$n"}, "low": {"$min": "$n"}, "high": {"$max": "$n"}}}],
    [{"$group": {"_id": "$city", "all": {"$push": "$n"}, "some": {"$addToSet": "$n"}, "one": {"$first": "$n"}}}],
    [{"$group": {"_id": {"y": {"$year": "$at"}, "m": {"$month": "$at"}}, "n": {"$sum": 1}}}],
    [{"$group": {"_id": "$city", "sd": {"$stdDevPop": "$n"}, "top": {"$topN": {
        "n": 2, "sortBy": {"n": -1}, "output": "$n"}}}}],
    [{"$group": {"_id": None, "p": {"$percentile": {"input": "$n", "p": [0.5, 0.95], "method": "approximate"}}}}],
    [{"$facet": {"count": [{"$count": "n"}], "first": [{"$limit": 2}], "by": [{"$sortByCount": "$city"}]}}],
    [{"$bucket": {"groupBy": "$n", "boundaries": [0, 100, 300], "default": "more", "output": {"n": {"$sum": 1}}}}],
    [{"$bucketAuto": {"groupBy": "$n", "buckets": 4}}],
    [{"$sortByCount": "$city"}],
    [{"$sample": {"size": 5}}],
    [{"$skip": 10}, {"$limit": 5}, {"$sort": {"n": -1}}],
    [{"$lookup": {"from": "cities", "localField": "city", "foreignField": "_id", "as": "where"}}, {"$limit": 1}],
    [{"$lookup": {"from": "cities", "let": {"c": "$city"}, "pipeline": [
        {"$match": {"$expr": {"$eq": ["$_id", "$$c"]}}}, {"$project": {"name": 1}}], "as": "where"}}, {"$limit": 1}],
    [{"$lookup": {"pipeline": [{"$documents": [{"a": 1}]}], "as": "x"}}, {"$limit": 1}],
    [{"$graphLookup": {"from": "staff", "startWith": "$boss", "connectFromField": "boss", "connectToField": "_id",
                       "as": "chain", "maxDepth": 3, "restrictSearchWithMatch": {"active": True}}}, {"$limit": 1}],
    [{"$unionWith": {"coll": "cities", "pipeline": [{"$limit": 1}]}}, {"$count": "n"}],
    [{"$unionWith": "cities"}, {"$count": "n"}],
    [{"$replaceRoot": {"newRoot": {"$mergeObjects": [{"a": 0}, "$$ROOT"]}}}, {"$limit": 1}],
    [{"$replaceWith": {"$arrayElemAt": ["$lines", 0]}}, {"$limit": 1}],
    [{"$redact": {"$cond": [{"$eq": ["$city", "a"]}, "$$KEEP", "$$PRUNE"]}}, {"$limit": 1}],
    [{"$setWindowFields": {"partitionBy": "$city", "sortBy": {"n": 1}, "output": {
        "run": {"$sum": "$n", "window": {"documents": ["unbounded", "current"]}}, "r": {"$rank": {}}}}}, {"$limit": 3}],
    [{"$densify": {"field": "n", "range": {"step": 1, "bounds": "full"}}}, {"$limit": 3}],
    [{"$fill": {"sortBy": {"n": 1}, "output": {"n": {"method": "locf"}}}}, {"$limit": 3}],
    [{"$set": {"names": {"$map": {"input": "$lines", "as": "l", "in": {"$concat": ["p", {"$toString": "$$l.p"}]}}}}}],
    [{"$set": {"many": {"$filter": {"input": "$lines", "cond": {"$gt": ["$$this.q", 2]}}}}}, {"$limit": 3}],
    [{"$set": {"s": {"$reduce": {"input": "$lines", "initialValue": 0, "in": {"$add": ["$$value", "$$this.q"]}}}}}],
    [{"$set": {"a": {"$switch": {"branches": [{"case": {"$lt": ["$n", 9]}, "then": 1}], "default": 2}}}}],
    [{"$set": {"a": {"$let": {"vars": {"x": 1}, "in": {"$add": ["$$x", "$n"]}}}}}, {"$limit": 1}],
    [{"$set": {"a": {"$literal": "$5"}, "b": {"$objectToArray": "$$ROOT"}}}, {"$limit": 1}],
    [{"$set": {"a": {"$dateTrunc": {"date": "$at", "unit": "week"}}, "b": {"$dateDiff": {
        "startDate": "$at", "endDate": "$$NOW", "unit": "day"}}}}, {"$limit": 1}],
    [{"$set": {"a": {"$regexMatch": {"input": "$city", "regex": "^a"}}, "b": {"$split": ["$city", ","]}}}],
    [{"$geoNear": {"near": {"type": "Point", "coordinates": [15.4, 47.1]}, "distanceField": "d", "spherical": True}}],
    [{"$search": {"index": "default", "text": {"query": "lamp", "path": "name"}}}, {"$limit": 3}],
    [{"$vectorSearch": {"index": "v", "path": "e", "queryVector": [0.1, 0.2], "numCandidates": 9, "limit": 3}}],
)  # fmt: skip
"""What analysts ask. The look-alike knows part of it."""
