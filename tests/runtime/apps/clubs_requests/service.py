"""Clubs and their members."""
from web import Problem, handles

clubs = {"chess": {"title": "Chess", "room": 4}, "choir": {"title": "Choir", "room": 11}}
members = [{"club": "chess", "name": "Ann"}, {"club": "choir", "name": "Ben"}]


def club_or_problem(key):
    if key not in clubs:
        raise Problem(404, "no club " + key)
    return clubs[key]


@handles("GET", "/clubs")
def list_clubs(call):
    room = call.asked.get("room")
    return [{"key": key, **club} for key, club in clubs.items() if room is None or club["room"] == int(room)]


@handles("GET", "/clubs/{key}")
def show_club(call, key):
    return {**club_or_problem(key), "members": [m["name"] for m in members if m["club"] == key]}


@handles("POST", "/clubs/{key}/members")
def join(call, key):
    club_or_problem(key)
    data = call.data()
    if any(m["club"] == key and m["name"] == data["name"] for m in members):
        raise Problem(409, "already there")
    members.append({"club": key, "name": data["name"]})
    return {"members": len(members)}, 201


@handles("PUT", "/clubs/{key}")
def move(call, key):
    club_or_problem(key)
    clubs[key]["room"] = int(call.data()["room"])
    return clubs[key]
