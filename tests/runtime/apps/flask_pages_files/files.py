"""Notes with a front end: files from folders, a report to download, and text made of a template."""
import io

from flask import Flask, render_template_string, request, send_file, send_from_directory

app = Flask(__name__, static_folder="assets", static_url_path="/files", template_folder="pages")

notes = {"a1": {"title": "first", "body": "example note"}}


@app.route("/")
def main():
    return app.send_static_file("index.html")


@app.route("/js/<path:path>")
def send_js(path):
    return send_from_directory("assets/js", path)


@app.route("/report.csv")
def report():
    lines = ["id,title"] + [f"{key},{note['title']}" for key, note in notes.items()]
    return send_file(io.BytesIO("\n".join(lines).encode()), mimetype="text/csv", as_attachment=True, download_name="report.csv")


@app.route("/source")
def source():
    return send_file("assets/js/app.js")


@app.route("/notes")
def list_notes():
    return notes


@app.route("/notes/<note_id>")
def show(note_id):
    if note_id not in notes:
        return "Note id not in dict"
    return render_template_string("<h1>{{ note.title }}</h1>\n<p>{{ note.body }}</p>", note=notes[note_id])


@app.route("/notes/<note_id>", methods=["PUT"])
def change(note_id):
    data = request.json
    notes[note_id] = {"title": data["title"], "body": data.get("body", "")}
    return "ok"


@app.route("/notes/<note_id>", methods=["DELETE"])
def remove(note_id):
    if note_id not in notes:
        return "Note id not in dict"
    del notes[note_id]
    return "ok"
