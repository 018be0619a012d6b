"""Tasks by number, on Flask-RESTful: two resources, one of them under two paths."""
from flask import Flask, jsonify
from flask_restful import Api, Resource, abort, reqparse

app = Flask(__name__)
api = Api(app)

TODOS = {
    "todo1": {"task": "build an API", "done": False},
    "todo2": {"task": "?????", "done": False},
    "todo3": {"task": "profit!", "done": True},
}


def abort_if_missing(todo_id):
    if todo_id not in TODOS:
        abort(404, message="Todo {} doesn't exist".format(todo_id))


parser = reqparse.RequestParser()
parser.add_argument("task", type=str, required=True, help="A task is needed")
parser.add_argument("done", type=bool, default=False)


class Todo(Resource):
    def get(self, todo_id):
        abort_if_missing(todo_id)
        return TODOS[todo_id]

    def delete(self, todo_id):
        abort_if_missing(todo_id)
        del TODOS[todo_id]
        return "", 204

    def put(self, todo_id):
        args = parser.parse_args()
        task = {"task": args["task"], "done": args["done"]}
        TODOS[todo_id] = task
        return task, 201


class TodoList(Resource):
    def get(self):
        return TODOS

    def post(self):
        args = parser.parse_args()
        todo_id = int(max(TODOS.keys(), default="todo0").lstrip("todo")) + 1
        todo_id = "todo%i" % todo_id
        TODOS[todo_id] = {"task": args["task"], "done": args["done"]}
        return TODOS[todo_id], 201, {"X-Todo": todo_id}


class Status(Resource):
    """Counts; numbers of the path are numbers."""

    def get(self, minimum=0):
        if minimum > 100:
            abort(418)
        count = len(TODOS)
        return {"count": count, "enough": count >= minimum, "by": {"done": sum(1 for t in TODOS.values() if t["done"])}}


@app.route("/plain")
def plain():
    return jsonify(todos=len(TODOS))


api.add_resource(TodoList, "/todos", strict_slashes=False)
api.add_resource(Todo, "/todos/<todo_id>")
api.add_resource(Status, "/status", "/status/<int:minimum>", endpoint="numbers")


if __name__ == "__main__":
    app.run(debug=True)
