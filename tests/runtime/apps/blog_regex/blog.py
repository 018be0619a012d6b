"""A blog: routes are (method, compiled pattern, function); groups become keyword arguments."""
import json
import re

ROUTES = []
posts = [
    {"slug": "hello", "title": "Hello", "tags": ["intro", "meta"], "likes": 3},
    {"slug": "second-post", "title": "Second", "tags": [], "likes": 0},
]
comments = {"hello": [{"author": "ada", "text": "First!"}]}


def on(method, pattern):
    def register(func):
        ROUTES.append((method, re.compile("^" + pattern + "$"), func))
        return func
    return register


class Halt(Exception):
    def __init__(self, status, message):
        self.status, self.message = status, message


def post_or_404(slug):
    for post in posts:
        if post["slug"] == slug:
            return post
    raise Halt(404, f"no post {slug}")


@on("GET", r"/posts")
def index(request):
    return [{"slug": p["slug"], "title": p["title"]} for p in posts]


@on("POST", r"/posts")
def create(request):
    data = request["body"]
    if any(p["slug"] == data["slug"] for p in posts):
        raise Halt(409, "slug taken")
    post = dict(slug=data["slug"], title=data["title"], tags=list(data.get("tags", [])), likes=0)
    posts.insert(0, post)
    return post


@on("GET", r"/posts/(?P<slug>[a-z0-9-]+)")
def show(request, slug):
    post = post_or_404(slug)
    return {**post, "comments": comments.get(slug, [])}


@on("POST", r"/posts/(?P<slug>[a-z0-9-]+)/like")
def like(request, slug):
    post = post_or_404(slug)
    post["likes"] += 1
    return {"likes": post["likes"]}


@on("POST", r"/posts/(?P<slug>[a-z0-9-]+)/comments")
def comment(request, slug):
    post_or_404(slug)
    comments.setdefault(slug, []).append({"author": request["body"]["author"], "text": request["body"]["text"]})
    return comments[slug]


@on("DELETE", r"/posts/(?P<slug>[a-z0-9-]+)")
def delete(request, slug):
    posts.remove(post_or_404(slug))
    comments.pop(slug, None)
    return {"ok": True}


@on("GET", r"/tags")
def tags(request):
    counts = {}
    for post in posts:
        for tag in post["tags"]:
            counts[tag] = counts.get(tag, 0) + 1
    return dict(sorted(counts.items()))


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event["body"]
        if not event.get("more_body"):
            break
    status, data = 404, {"error": "not found"}
    for method, pattern, func in ROUTES:
        match = pattern.match(scope["path"])
        if match and method == scope["method"]:
            try:
                status, data = 200, func({"body": json.loads(body or b"null")}, **match.groupdict())
            except Halt as halt:
                status, data = halt.status, {"error": halt.message}
            break
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(data).encode()})
