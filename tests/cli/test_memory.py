"""What a project with much data takes of the machine: a file is held once, however large it is."""

import os

from support import BINARY, CliCase, main

APP = '''from flask import Flask, jsonify
from data import orders

app = Flask(__name__)


@app.route("/orders")
def list_orders():
    return jsonify(orders)
'''


class Memory(CliCase):
    def peak(self, rows):
        """Bytes of the data module, and of the memory that showing its table takes."""
        self.write("app.py", APP)
        path = os.path.join(self.project, "data.py")
        note = "n" * 120
        with open(path, "w", encoding="utf-8") as module:
            module.write("orders = [\n")
            for number in range(rows):
                module.write(f'    {{"id": {number}, "note": "{note}", "total": {number}.5, "paid": True}},\n')
            module.write("]\n")
        silent = [(os.POSIX_SPAWN_OPEN, out, os.devnull, os.O_WRONLY, 0) for out in (1, 2)]
        child = os.posix_spawn(BINARY, [BINARY, "database", self.project], self.environment(), file_actions=silent)
        _, status, usage = os.wait4(child, 0)
        self.assertEqual(status, 0)
        return os.path.getsize(path), usage.ru_maxrss * 1024

    def test_grows_with_the_text_and_not_with_copies_of_it(self):
        small, little = self.peak(2000)
        large, much = self.peak(150000)
        self.assertLess((much - little) / (large - small), 2.5)


if __name__ == "__main__":
    main()
