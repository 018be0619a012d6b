from datetime import datetime
from flask_login import UserMixin
from werkzeug.security import generate_password_hash, check_password_hash
from .extensions import db, login


class TimestampMixin:
    created_at = db.Column(db.DateTime, default=lambda: datetime(2024, 1, 1))


class User(UserMixin, TimestampMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(50), unique=True, nullable=False)
    password_hash = db.Column(db.String(200))
    posts = db.relationship("BlogPost", backref="author", lazy="dynamic")

    def set_password(self, p):
        self.password_hash = generate_password_hash(p, method="pbkdf2:sha256:1000", salt_length=8)

    def check_password(self, p):
        return check_password_hash(self.password_hash, p)


class BlogPost(TimestampMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(120))
    body = db.Column(db.Text)
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))

    def json(self):
        return {"id": self.id, "title": self.title, "author": self.author.username if self.author else None, "created": self.created_at}


@login.user_loader
def load_user(uid):
    return db.session.get(User, int(uid))


def seed():
    if User.query.count() == 0:
        u = User(username="ada")
        u.set_password("pw")
        db.session.add(u)
        db.session.flush()
        for i in range(8):
            db.session.add(BlogPost(title=f"Post {i}", body="x" * i, author=u))
        db.session.commit()
