"""A shop with pages for people beside its JSON for programs."""
from flask import Flask, jsonify, redirect, render_template, request, url_for

app = Flask(__name__)

goods = [
    {"id": 1, "name": "Cup & saucer", "price": 4.5},
    {"id": 2, "name": "<b>Plate</b>", "price": 6.0},
]


@app.route("/")
def home():
    return render_template("index.html", goods=goods, title="Shop")


@app.route("/goods")
def list_goods():
    return jsonify({"goods": goods})


@app.route("/goods/<int:number>")
def one(number):
    for item in goods:
        if item["id"] == number:
            return render_template("one.html", item=item)
    return render_template("missing.txt", number=number), 404


@app.route("/goods", methods=["POST"])
def add():
    data = request.get_json()
    item = {"id": goods[-1]["id"] + 1 if goods else 1, "name": data["name"], "price": data.get("price", 1.0)}
    goods.append(item)
    return jsonify(item), 201


@app.route("/latest")
def latest():
    return redirect(url_for("one", number=goods[-1]["id"]))


app.run(port=5000)
