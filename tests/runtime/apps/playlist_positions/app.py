"""A playlist: the position in the list is the id."""
import json
from urllib.parse import parse_qs

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


songs = [
    {"title": "Blue", "artist": "Joni", "seconds": 183},
    {"title": "Hurt", "artist": "Cash", "seconds": 218},
    {"title": "Roads", "artist": "Portishead", "seconds": 305},
    {"title": "Vespertine", "artist": "Björk", "seconds": 201},
]


@route("/songs")
def list_songs(request):
    skip = int(request["query"].get("skip", 0))
    limit = int(request["query"].get("limit", 10))
    return songs[skip:skip + limit]


@route("/songs/last")
def last(request):
    return songs[-1]


@route("/songs/{index}")
def get_song(request):
    index = int(request["params"]["index"])
    if index < 0 or index > len(songs) - 1:
        return {"error": "out of range"}, 404
    return songs[index]


@route("/songs", "POST")
def add_song(request):
    song = {"title": request["json"]["title"], "artist": request["json"].get("artist", "?"), "seconds": request["json"].get("seconds", 0)}
    if request["json"].get("first"):
        songs.insert(0, song)
    else:
        songs.append(song)
    return {"index": songs.index(song), "song": song}, 201


@route("/songs/{index}", "PUT")
def replace_song(request):
    songs[int(request["params"]["index"])] = request["json"]
    return request["json"]


@route("/songs/{index}", "DELETE")
def remove_song(request):
    return songs.pop(int(request["params"]["index"]))


@route("/reversed")
def backwards(request):
    return [s["title"] for s in reversed(songs)]


@route("/longest")
def longest(request):
    return max(songs, key=lambda s: s["seconds"])


@route("/sorted")
def by_length(request):
    return {"titles": [s["title"] for s in sorted(songs, key=lambda s: (-s["seconds"], s["title"]))],
            "total": sum(s["seconds"] for s in songs), "artists": len({s["artist"] for s in songs})}


def find(method, path):
    if (method, path) in routes:
        return routes[(method, path)], {}
    parts = path.split("/")
    for (verb, pattern), func in routes.items():
        wanted = pattern.split("/")
        if verb == method and len(wanted) == len(parts) == 3 and wanted[2] == "{index}" and wanted[1] == parts[1]:
            return func, {"index": parts[2]}
    return None, {}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    func, params = find(scope["method"], scope["path"])
    if func is None:
        result = ({"error": "Not found"}, 404)
    else:
        try:
            query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
            result = func({"params": params, "query": query, "json": json.loads(body) if body else None})
        except Exception as exc:
            result = ({"error": str(exc)}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
