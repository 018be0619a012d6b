from dataclasses import dataclass, field
from itertools import count

from fastapi import FastAPI, HTTPException

app = FastAPI()


@dataclass
class Account:
    number: int
    owner: str
    cents: int = 0

    def pay_in(self, cents: int) -> None:
        self.cents += cents


@dataclass
class Household:
    name: str
    accounts: list[Account] = field(default_factory=list)


numbers = count(1)
accounts: dict[int, Account] = {}
households: dict[str, Household] = {}
latest: list[Account] = []


def find(number: int) -> Account:
    if number not in accounts:
        raise HTTPException(404, "no such account")
    return accounts[number]


@app.post("/accounts/{household}/{owner}", status_code=201)
def open_account(household: str, owner: str):
    account = Account(next(numbers), owner)
    accounts[account.number] = account
    households.setdefault(household, Household(household)).accounts.append(account)
    latest.insert(0, account)
    del latest[2:]
    return account


@app.post("/accounts/{number}/cents/{cents}")
def pay(number: int, cents: int):
    account = find(number)
    account.pay_in(cents)
    return account


@app.get("/households")
def list_households():
    return [{"name": home.name, "cents": sum(one.cents for one in home.accounts), "owners": [one.owner for one in home.accounts]}
            for home in households.values()]


@app.get("/latest")
def list_latest():
    return latest


@app.delete("/accounts/{number}")
def close(number: int):
    account = find(number)
    del accounts[number]
    for home in households.values():
        if account in home.accounts:
            home.accounts.remove(account)
    return {"left": len(accounts)}
