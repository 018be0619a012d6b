from flask import Blueprint, render_template

bp = Blueprint("pages", __name__, template_folder="views", static_folder="files")


@bp.route("/")
def index():
    return render_template("start.html", words=["one", "two"])
