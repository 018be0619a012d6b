"""What signs the links, and who may make some."""


class Keys:
    SECRET_KEY = "5f3a \"and more\" ünder"


API_TOKENS = {"api_key": "let-me-in"}
EDITOR_PASSWORD = "hunter2"
