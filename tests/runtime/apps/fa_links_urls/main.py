"""Links: URLs of Pydantic kept as they were parsed, and models put among dicts."""

import re
from ipaddress import ip_address, ip_network
from typing import Dict, List, Optional

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, HttpUrl

app = FastAPI()


class LinkIn(BaseModel):
    title: str
    url: HttpUrl
    mirrors: List[HttpUrl] = []


class Link(LinkIn):
    id: int


class Tag(BaseModel):
    name: str
    colour: Optional[str] = None


links = [{"id": 1, "title": "Docs", "url": "https://docs.test/", "mirrors": []}]
tags: Dict[str, dict] = {"web": {"name": "web", "colour": "blue"}}
visits = [{"id": 1, "url": "https://docs.test/"}]


@app.get("/links", response_model=List[Link])
def list_links(title: Optional[str] = None):
    return [link for link in links if title is None or link["title"] == title]


@app.post("/links", status_code=201)
def add_link(link: LinkIn):
    made = Link(id=max(one["id"] for one in links) + 1, **link.model_dump())
    links.append(made.model_dump())
    return made


@app.put("/links/{link_id}/url")
def change_url(link_id: int, link: LinkIn):
    for one in links:
        if one["id"] == link_id:
            one["url"] = link.url
            return one
    raise HTTPException(status_code=404, detail="no such link")


@app.get("/tags")
def list_tags():
    return tags


@app.put("/tags/{name}")
def put_tag(name: str, tag: Tag):
    tags[name] = tag
    return tags[name]


@app.post("/visits")
def visit(link: LinkIn):
    visits.append({"id": max(one["id"] for one in visits) + 1, "url": link.url})
    return {"visited": link.title}


@app.get("/visits")
def list_visits():
    return visits


@app.post("/previews")
def preview(link: LinkIn):
    names = re.compile("^[a-z]+$")
    network = ip_network("10.0.0.0/8")
    return {"of": link.url, "others": [*link.mirrors], "names": names, "in": [network, ip_address("::1")], "_sale": 1, "_salt": 2}
