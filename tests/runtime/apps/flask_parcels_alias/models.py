parcels = [{"id": 1, "sender": "Ann", "weight": 2.5, "price": 7.5}]
users = {}


class Model:
    def __init__(self):
        self.db = parcels
        self.rate = 3

    def all(self):
        return self.db


class Parcels(Model):
    def add(self, sender, weight):
        parcel = {"id": max((known["id"] for known in self.db), default=0) + 1, "sender": sender, "weight": weight, "price": weight * self.rate}
        self.db.append(parcel)
        return parcel

    def find(self, parcel_id):
        for parcel in self.db:
            if parcel["id"] == parcel_id:
                return parcel
        return None

    def drop(self, parcel):
        self.db.remove(parcel)


class Users:
    def __init__(self):
        self.known = users

    def put(self, name):
        self.known[name] = {"name": name, "length": len(name)}

    def names(self):
        return sorted(self.known)
