from flask import Flask, request, jsonify, g
from flask.views import MethodView

app = Flask(__name__)


class Bank:
    accounts = {}
    transactions = []

    def __init__(self, user=None):
        self.user = user

    def open(self, owner, deposit=0):
        number = f"ACC{len(self.accounts) + 1:04d}"
        self.accounts[number] = {"number": number, "owner": owner, "balance": deposit}
        return self.accounts[number]

    def transfer(self, src, dst, amount):
        a = self.accounts.get(src)
        b = self.accounts.get(dst)
        if not a or not b:
            raise LookupError("unknown account")
        if amount <= 0 or a["balance"] < amount:
            raise ValueError("bad amount")
        a["balance"] -= amount
        b["balance"] += amount
        tx = {"from": src, "to": dst, "amount": amount, "by": self.user}
        self.transactions.append(tx)
        return tx

    def history(self, number):
        return [t for t in self.transactions if number in (t["from"], t["to"])]


def bank():
    if "bank" not in g:
        g.bank = Bank(request.headers.get("X-User"))
    return g.bank


class AccountsView(MethodView):
    def get(self):
        return jsonify(list(Bank.accounts.values()))

    def post(self):
        d = request.get_json(silent=True) or {}
        if not d.get("owner"):
            return jsonify(error="owner required"), 400
        return jsonify(Bank().open(d["owner"], d.get("deposit", 0))), 201


app.add_url_rule("/accounts", view_func=AccountsView.as_view("accounts"))


@app.route("/accounts/<number>")
def account(number):
    b = Bank()
    if number not in b.accounts:
        return jsonify(error="not found"), 404
    return jsonify({**b.accounts[number], "history": b.history(number)})


@app.route("/transfer", methods=["POST"])
def transfer():
    d = request.get_json()
    try:
        tx = bank().transfer(d.get("from"), d.get("to"), d.get("amount", 0))
    except (LookupError, ValueError) as e:
        return jsonify(error=str(e)), 400
    return jsonify(tx)


@app.route("/stats")
def stats():
    b = bank()
    total = sum(a["balance"] for a in b.accounts.values())
    return jsonify(total=total, accounts=len(b.accounts), biggest=max((t["amount"] for t in b.transactions), default=None))


if __name__ == "__main__":
    app.run()
