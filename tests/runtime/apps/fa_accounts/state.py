accounts = {
    "ann": {"owner": "ann", "balance": 100, "history": [100]},
    "bob": {"owner": "bob", "balance": 20, "history": []},
}
transfers = 0


def find(owner):
    return accounts.get(owner)


def count_transfer():
    global transfers
    transfers += 1
