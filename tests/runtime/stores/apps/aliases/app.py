import copy
import json

from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

members = [{"id": 1, "name": "Ann", "points": 10}, {"id": 2, "name": "Bob", "points": 0}]
teams = {"red": {"members": [1]}, "blue": {"members": []}}


def lookup(collection, wanted):
    for entry in collection:
        if entry["id"] == wanted:
            return entry


def number(text):
    try:
        return int(text)
    except ValueError:
        return None


@app.get("/members")
async def list_members(request: Request):
    rows = members
    minimum = number(request.query_params.get("points", ""))
    if minimum is not None:
        rows = [m for m in rows if m["points"] >= minimum]
    return {"members": rows, "text": json.dumps(rows), "same": rows == members, "any": bool(members)}


@app.get("/members/{member_id}")
async def member(request: Request, member_id: str):
    found = lookup(members, number(member_id))
    return copy.deepcopy(found) if found else Response({"error": "none"}, 404)


@app.put("/members/{member_id}")
async def reward(request: Request, member_id: str):
    found = lookup(members, number(member_id))
    if found is None:
        return Response({"error": "none"}, 404)
    before = found.copy()
    alias = members
    alias[alias.index(found)]["points"] += 5
    return {"before": before, "after": found, "best": max(members, key=lambda m: m["points"])["name"]}


@app.delete("/members/{member_id}")
async def drop(request: Request, member_id: str):
    for position in range(len(members)):
        if members[position]["id"] == number(member_id):
            gone = members[position]
            del members[position]
            return gone
    return Response({"error": "none"}, 404)


@app.get("/teams")
async def show_teams(request: Request):
    return {name: {**team, "size": len(team["members"])} for name, team in teams.items()}


@app.put("/teams/{team}/{member_id}")
async def join(request: Request, team: str, member_id: str):
    teams[team]["members"].append(number(member_id))
    if lookup(members, number(member_id)) is None:
        teams[team]["members"].pop()
        return Response({"error": "none"}, 404)
    return teams[team]
