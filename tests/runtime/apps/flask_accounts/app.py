"""Accounts by name behind a decorator; forms, headers, cookies and helper functions that read the request."""
from functools import wraps

from flask import Flask, Response, jsonify, make_response, redirect, request

app = Flask(__name__)
app.secret_key = "not a real one"

accounts = {"ada": {"password": "lovelace", "balance": 10.5}, "bob": {"password": "builder", "balance": 0.0}}
sessions = {"token-ada": "ada"}


def current_user():
    token = request.headers.get("Authorization", "").replace("Bearer ", "")
    return sessions.get(token)


def fail(message, status):
    return jsonify({"error": message}), status


def login_required(view):
    @wraps(view)
    def wrapped(*args, **kwargs):
        if current_user() is None:
            return fail("please log in", 401)
        return view(*args, **kwargs)

    return wrapped


@app.route("/")
def home():
    return redirect("/balance")


@app.route("/login", methods=["POST"])
def login():
    name = request.form["name"]
    if accounts.get(name, {}).get("password") != request.form.get("password"):
        return fail("wrong name or password", 403)
    sessions["token-" + name] = name
    answer = make_response(jsonify(token="token-" + name))
    answer.headers["X-User"] = name
    answer.set_cookie("user", name)
    return answer


@app.route("/balance")
@login_required
def balance():
    return jsonify(balance=accounts[current_user()]["balance"])


@app.route("/deposit/<int:amount>", methods=["POST"])
@login_required
def deposit(amount):
    """Adds to the balance."""
    user = current_user()
    accounts[user]["balance"] += amount
    return jsonify(user=user, balance=accounts[user]["balance"])


@app.route("/export")
@login_required
def export():
    lines = ["%s,%s" % (name, account["balance"]) for name, account in sorted(accounts.items())]
    return Response("\n".join(lines), status=200, mimetype="text/csv")


@app.route("/agent")
def agent():
    return jsonify(agent=request.headers["X-Agent"], cookie=request.cookies.get("user"), kind=request.content_type)
