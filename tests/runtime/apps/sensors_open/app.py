"""Open shapes: rows with different keys, whatever a client sends is kept, seeds come from a loop and a file."""
import copy
import json
import os

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


HERE = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(HERE, "stations.json"), encoding="utf-8") as handle:
    stations = json.load(handle)

readings = []
for number in range(1, 6):
    readings.append({"id": number, "station": "s%d" % (number % 2), "value": number * 1.5, "ok": number != 3})

sensors = [
    {"id": 1, "kind": "wind", "unit": "m/s"},
    {"id": 2, "kind": "rain", "unit": "mm", "heated": True},
    {"id": 3, "kind": "sun", "unit": None, "note": "new"},
]
events = []


@route("/stations")
def list_stations(request):
    return stations


@route("/readings")
def list_readings(request):
    return [r for r in readings if not r.get("deleted")]


@route("/readings", "POST")
def add_reading(request):
    reading = dict(request["json"])
    reading["id"] = max([r["id"] for r in readings]) + 1
    readings.append(reading)
    return reading, 201


@route("/readings", "DELETE")
def soft_delete(request):
    for reading in readings:
        if reading["id"] == request["json"]["id"] and not reading.get("deleted"):
            reading["deleted"] = True
            return reading
    return {"error": "gone"}, 404


@route("/sensors")
def list_sensors(request):
    return {"sensors": sensors}


@route("/sensors", "PUT")
def change_sensor(request):
    data = copy.deepcopy(request["json"])
    for sensor in sensors:
        if sensor["id"] == data.get("id"):
            for key, value in data.items():
                sensor[key] = value
            if "drop" in data:
                sensor.pop(sensor.pop("drop"), None)
            return sensor
    return {"error": "unknown"}, 404


@route("/events", "POST")
def add_event(request):
    events.append(request["json"])
    return {"count": len(events)}, 201


@route("/events")
def list_events(request):
    return events


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    func = routes.get((scope["method"], scope["path"]))
    if func is None:
        result = ({"error": "Not found"}, 404)
    else:
        try:
            result = func({"json": json.loads(body) if body else None})
        except Exception as exc:
            result = ({"error": str(exc)}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
