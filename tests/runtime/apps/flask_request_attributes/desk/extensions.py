class Directory:
    """People by their tokens."""

    def __init__(self, app=None):
        self.app = app
        self.names = {}
        if app is not None:
            self.init_app(app)

    def init_app(self, app):
        self.names = {"t-ann": "ann", "t-ben": "ben"}

    def name_of(self, token):
        return self.names.get(token)


directory = Directory()
