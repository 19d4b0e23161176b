"""What is in the SQLite file of an extract."""

from __future__ import annotations

VERSION = 1
"""Grows with every change to these tables or to what is put into them: older files are made anew."""

TABLES = """
create table facts (key text primary key, value text not null) without rowid;
create table steps (name text primary key) without rowid;

create table places (
    id integer primary key, osm text not null, name text, lat real not null, lon real not null,
    importance real not null, address text, tags text not null
);
create table kinds (key text not null, value text not null, place integer not null,
    primary key (key, value, place)) without rowid;
create virtual table places_box using rtree (id, south, north, west, east);
create virtual table names using fts5 (
    name, other, address, about, content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2'
);

create table shapes (id integer primary key, layer text not null, kind text not null, name text,
    height integer not null, points blob not null, holes blob);
create virtual table shapes_box using rtree (id, south, north, west, east);

create table segments (
    id integer primary key, way integer not null, a integer not null, b integer not null, metres real not null,
    kind text not null, name text,
    foot integer not null, foot_back integer not null,
    bike integer not null, bike_back integer not null,
    car integer not null, car_back integer not null,
    points blob not null
);
create virtual table segments_box using rtree (id, south, north, west, east);
create table barriers (node integer primary key, profiles text not null);
create table turns (id integer primary key, only_this integer not null, begin integer not null, via text not null,
    finish integer not null, profiles text not null);
"""

INDEXES = """
create index places_osm on places (osm);
create index segments_way on segments (way);
analyze;
"""
