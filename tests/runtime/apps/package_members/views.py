from covet import json_response
from store import members, visits
import uuid


class MemberViews:
    async def list(self, request):
        plan = request.query_params.get("plan")
        return {"members": [m for m in members if plan is None or m["plan"] == plan]}

    async def show(self, request, member_id):
        for m in members:
            if m["id"] == member_id:
                return m
        return {"error": "not found"}, 404


async def create(request):
    body = await request.json()
    if "name" not in body:
        return json_response({"error": "name missing"}, 400)
    m = {"id": uuid.uuid4().hex, "name": body["name"], "plan": body.get("plan", "basic"), "token": "t-" + body["name"]}
    members.append(m)
    return m, 201


def visit(request, member_id):
    visits.append({"member": member_id, "agent": request.headers.get("user-agent", "?")})
    return {"visits": len([v for v in visits if v["member"] == member_id])}
