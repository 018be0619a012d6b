from types import SimpleNamespace

#: What the application keeps for as long as it runs.
app_state = SimpleNamespace()
