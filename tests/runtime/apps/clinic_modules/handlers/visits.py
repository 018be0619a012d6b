import storage
from handlers.patients import lookup
from registry import needs, route


@route("/visits")
def index(request):
    return storage.visits


@route("/visits", "POST")
@needs("patient_id", "hour")
def book(request):
    data = request["json"]
    first, last = storage.OPEN_HOURS
    if not first <= data["hour"] < last:
        return {"error": "closed"}, 400
    if lookup(data["patient_id"]) is None:
        return {"error": "no patient"}, 404
    for visit in storage.visits:
        if visit["hour"] == data["hour"]:
            return {"error": "taken by %d" % visit["patient_id"]}, 409
    visit = {"id": storage.next_visit, "patient_id": data["patient_id"], "hour": data["hour"]}
    storage.next_visit += 1
    storage.visits.append(visit)
    storage.visits.sort(key=lambda v: v["hour"])
    return visit, 201


@route("/wards")
def wards(request):
    load = {}
    for login, doctor in storage.doctors.items():
        load.setdefault(doctor["ward"], []).append({"login": login, "patients": sum(p["doctor"] == login for p in storage.patients)})
    return load
