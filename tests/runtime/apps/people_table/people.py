"""People: a route table written as one dict literal; records are dataclass instances."""
import json
from dataclasses import asdict, dataclass, field
from typing import List, Optional


@dataclass
class Person:
    id: int
    name: str
    email: Optional[str] = None
    langs: List[str] = field(default_factory=list)
    admin: bool = False


people: List[Person] = [
    Person(1, "Ada", "ada@x.test", ["en"], admin=True),
    Person(2, "Béla", langs=["hu", "de"]),
]


def find(person_id):
    return next((p for p in people if p.id == person_id), None)


async def list_people(req):
    return [asdict(p) for p in people]


async def get_person(req):
    person = find(int(req["params"]["id"]))
    return (asdict(person), 200) if person else ({"detail": "unknown"}, 404)


async def create_person(req):
    data = req["json"]
    person = Person(id=max(p.id for p in people) + 1 if people else 1, name=data["name"], email=data.get("email"))
    people.append(person)
    return asdict(person), 201


async def learn(req):
    person = find(int(req["params"]["id"]))
    if not person:
        return {"detail": "unknown"}, 404
    if req["json"]["lang"] not in person.langs:
        person.langs.append(req["json"]["lang"])
    return {"id": person.id, "langs": person.langs}, 200


async def rename(req):
    person = find(int(req["params"]["id"]))
    if not person:
        return {"detail": "unknown"}, 404
    person.name = req["json"].get("name", person.name)
    person.email = req["json"].get("email", person.email)
    return asdict(person), 200


async def forget(req):
    person = find(int(req["params"]["id"]))
    if not person:
        return {"detail": "unknown"}, 404
    people.remove(person)
    return {"removed": person.name}, 200


ROUTES = {
    ("GET", "/people"): list_people,
    ("POST", "/people"): create_person,
    ("GET", "/people/{id}"): get_person,
    ("PATCH", "/people/{id}"): rename,
    ("DELETE", "/people/{id}"): forget,
    ("POST", "/people/{id}/langs"): learn,
}


def resolve(method, path):
    for (verb, pattern), handler in ROUTES.items():
        a, b = pattern.strip("/").split("/"), path.strip("/").split("/")
        if verb == method and len(a) == len(b) and all(x == y or x == "{id}" for x, y in zip(a, b)):
            return handler, {x[1:-1]: y for x, y in zip(a, b) if x == "{id}"}
    return None, None


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    handler, params = resolve(scope["method"], scope["path"])
    if handler is None:
        result = {"detail": "Not Found"}, 404
    else:
        try:
            result = await handler({"params": params, "json": json.loads(body) if body else {}})
        except Exception as e:
            result = {"detail": str(e)}, 500
    data, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(data).encode()})
