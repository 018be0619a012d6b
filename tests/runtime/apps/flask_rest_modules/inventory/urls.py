from inventory import api, app, rooms_api
from inventory.data import labels
from inventory.resources import Login, Rooms, Shelf, Shelves
from inventory.views import LabelView

label_rules = LabelView.as_view("labels")
app.add_url_rule("/labels", view_func=label_rules, methods=["GET", "POST"])
api.add_resource(Shelves, "/shelves")
api.add_resource(Shelf, "/shelf", "/shelves/<int:number>")
rooms_api.add_resource(Rooms, "/rooms")
api.add_resource(Login, "/login", "/login/<string:keeper>")


@app.route("/labels/<int:position>")
def one_label(position):
    if position >= len(labels):
        return {"message": "no such label"}, 404
    return labels[position]
