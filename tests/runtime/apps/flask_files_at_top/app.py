from flask import Flask, request, jsonify, send_file, Response, make_response
import io, csv, functools, time, os

app = Flask(__name__, static_folder="static", static_url_path="")
app.config.from_mapping(TESTING=False, PAGE=3)
PORT = int(os.environ.get("PORT", 5000))

users = []
logs = []


def timed(f):
    @functools.wraps(f)
    def inner(*a, **k):
        t = time.time()
        r = f(*a, **k)
        app.logger.debug("took %s", time.time() - t)
        return r
    return inner


@app.before_request
def log_request():
    logs.append({"method": request.method})


@app.after_request
def cors(response):
    response.headers.add("Access-Control-Allow-Origin", "*")
    response.headers['Cache-Control'] = 'no-store'
    return response


@app.route("/")
def root():
    return app.send_static_file("index.html")


@app.route("/users", methods=["GET", "POST"])
@timed
def users_view():
    if request.method == "POST":
        body = request.get_json(silent=True)
        if body is None:
            return "bad json", 400
        user = {"id": len(users) + 1, **{k: body.get(k) for k in ("name", "email")}}
        users.append(user)
        return make_response(jsonify(user), 201, {"X-Made": "1"})
    resp = make_response(jsonify(users))
    resp.set_cookie("seen", str(len(users)))
    return resp


@app.route("/export")
def export():
    buf = io.StringIO()
    w = csv.writer(buf)
    w.writerow(["id", "name"])
    for u in users:
        w.writerow([u["id"], u["name"]])
    mem = io.BytesIO(buf.getvalue().encode())
    return send_file(mem, mimetype="text/csv", as_attachment=True, download_name="users.csv")


@app.route("/logs")
def show_logs():
    return jsonify(logs[-5:])


@app.teardown_appcontext
def done(exc):
    pass


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=PORT, debug=False)
