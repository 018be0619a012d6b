import threading

from fastapi import APIRouter, Depends, FastAPI, HTTPException


class Bank:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.accounts = {}
            cls._instance.lock = threading.Lock()
        return cls._instance

    def open(self, owner):
        with self.lock:
            number = f"ACC{len(self.accounts) + 1:04d}"
            self.accounts[number] = {"number": number, "owner": owner, "balance": 0.0, "history": []}
            return self.accounts[number]

    def move(self, number, amount):
        with self.lock:
            account = self.accounts.get(number)
            if not account:
                raise KeyError(number)
            if account["balance"] + amount < 0:
                raise ValueError("insufficient")
            account["balance"] += amount
            account["history"].append(amount)
            return account


router = APIRouter()


@router.get("/accounts")
def listing(bank: Bank = Depends(Bank)):
    return list(bank.accounts.values())


@router.post("/accounts", status_code=201)
def create(owner: str, bank: Bank = Depends(Bank)):
    return bank.open(owner)


@router.post("/accounts/{number}/move")
def move(number: str, amount: float, bank: Bank = Depends(Bank)):
    try:
        return bank.move(number, amount)
    except KeyError:
        raise HTTPException(404)
    except ValueError as e:
        raise HTTPException(400, str(e))


app = FastAPI()
app.include_router(router)
