from flask import Flask, Response, jsonify, request

app = Flask(__name__)
app.extensions["shop"] = "knows more about the application than a converter of its routes"

items = [{"code": "a", "count": 1}]
owners = {}
total = 0


@app.get("/ping")
def ping():
    return "pong"


@app.get("/items")
def list_items():
    return jsonify(items)


@app.post("/items")
def add_item():
    global total
    total += 1
    body = request.get_json()
    items.append({"code": body["code"], "count": body["count"]})
    if "fail" in request.args:
        raise ValueError("after the change")
    return jsonify(total=total, size=len(items)), 201


@app.put("/owners/<name>")
def put_owner(name):
    owners[name] = {"name": name, "items": []}
    with app.test_client() as inner:
        owners[name]["items"] = [item["code"] for item in inner.get("/items").json]
    return jsonify(owners[name])


@app.get("/owners")
def list_owners():
    return jsonify(owners)


@app.post("/count")
def count():
    global total
    total += 1
    return str(total)


@app.get("/stream")
def stream():
    codes = [item["code"] for item in items]
    return Response((code + "\n" for code in codes), mimetype="text/plain")


@app.cli.command("size")
def size():
    print(len(items))
