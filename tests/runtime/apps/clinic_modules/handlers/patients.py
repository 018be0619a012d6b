from registry import needs, route
from storage import *


def lookup(patient_id):
    matches = [p for p in patients if p["id"] == patient_id]
    return matches[0] if matches else None


@route("/patients")
def index(request):
    doctor = request["query"].get("doctor")
    return {"patients": [p for p in patients if not doctor or p["doctor"] == doctor]}


@route("/patients/{patient_id}")
def show(request):
    patient = lookup(int(request["params"]["patient_id"]))
    if patient is None:
        return {"error": "no patient"}, 404
    doctor = doctors.get(patient["doctor"])
    return {**patient, "doctor": doctor["name"] if doctor else None}


@route("/patients", "POST")
@needs("name", "born")
def admit(request):
    data = request["json"]
    patient = {"id": max(p["id"] for p in patients) + 1, "name": data["name"], "born": data["born"],
               "allergies": data.get("allergies", []), "doctor": data.get("doctor")}
    patients.append(patient)
    return patient, 201


@route("/patients/{patient_id}/doctor", "PUT")
@needs("doctor")
def assign(request):
    patient = lookup(int(request["params"]["patient_id"]))
    if patient is None:
        return {"error": "no patient"}, 404
    if request["json"]["doctor"] not in doctors:
        return {"error": "no doctor"}, 400
    patient["doctor"] = request["json"]["doctor"]
    return patient
