"""A household ledger: one JSON document with all there is, which the program makes when it is missing."""

import json
import os

from flask import Flask, abort, jsonify, request

app = Flask(__name__)

BASE = os.path.dirname(__file__)
LEDGER = os.environ.get("LEDGER_FILE") or os.path.join(BASE, "ledger.json")


def load_ledger():
    if not os.path.exists(LEDGER) or os.path.getsize(LEDGER) == 0:
        return {"entries": [], "budgets": {"food": 400, "rent": 900}, "next_id": 1}
    with open(LEDGER, "r", encoding="utf-8") as file:
        ledger = json.load(file)
    return ledger


def save_ledger(ledger):
    with open(LEDGER, "w", encoding="utf-8") as file:
        json.dump(ledger, file, indent=4)


@app.route("/entries", methods=["GET"])
def list_entries():
    entries = load_ledger()["entries"]
    kind = request.args.get("kind")
    if kind:
        entries = [entry for entry in entries if entry["kind"] == kind]
    entries.sort(key=lambda entry: -entry["cents"])
    return jsonify(entries)


@app.route("/entries", methods=["POST"])
def add_entry():
    given = request.get_json(silent=True)
    if not isinstance(given, dict) or not isinstance(given.get("cents"), int):
        abort(400)
    ledger = load_ledger()
    if given.get("kind") not in ledger["budgets"]:
        return jsonify({"error": "unknown kind"}), 422
    entry = {"id": ledger["next_id"], "kind": given["kind"], "cents": given["cents"], "note": given.get("note")}
    ledger["next_id"] += 1
    ledger["entries"].append(entry)
    save_ledger(ledger)
    return jsonify(entry), 201


@app.route("/entries/<int:entry_id>", methods=["GET", "DELETE"])
def one_entry(entry_id):
    ledger = load_ledger()
    entry = next((one for one in ledger["entries"] if one["id"] == entry_id), None)
    if entry is None:
        abort(404)
    if request.method == "GET":
        return jsonify(entry)
    ledger["entries"].remove(entry)
    save_ledger(ledger)
    return jsonify({"left": len(ledger["entries"])})


@app.route("/budgets")
def budgets():
    ledger = load_ledger()
    spent = {kind: 0 for kind in ledger["budgets"]}
    for entry in ledger["entries"]:
        spent[entry["kind"]] = spent.get(entry["kind"], 0) + entry["cents"]
    return jsonify({"budgets": ledger["budgets"], "spent": spent})


@app.route("/budgets/<kind>", methods=["PUT"])
def set_budget(kind):
    ledger = load_ledger()
    amount = (request.get_json(silent=True) or {}).get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount > 1000000:
        abort(400)
    ledger["budgets"][kind] = amount
    save_ledger(ledger)
    return jsonify(ledger["budgets"])


@app.route("/reset", methods=["POST"])
def reset():
    save_ledger({"entries": [], "budgets": {}, "next_id": 1})
    return jsonify({"reset": True})


if __name__ == "__main__":
    app.run(debug=True)
