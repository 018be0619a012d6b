import ast
import unittest

from support import REPOSITORY

import covetpy
from covetpy import database, exceptions, types
from covetpy.middleware import base


class Package(unittest.TestCase):
    def test_it_offers_what_migrated_code_imports(self):
        self.assertEqual(
            sorted(covetpy.__all__),
            ["Body", "CovetApp", "Depends", "HTTPException", "Header", "Path", "Query", "__version__"],
        )
        self.assertEqual(types.__all__, ["Request", "Response"])
        self.assertEqual(database.__all__, ["get_database_session"])
        self.assertEqual(base.__all__, ["BaseMiddleware"])
        self.assertIn("CovetException", exceptions.__all__)

    def test_it_is_written_for_python_3_9(self):
        files = list((REPOSITORY / "core/resources/runtime/covetpy").rglob("*.py"))
        self.assertGreater(len(files), 10)
        for file in files:
            ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=(3, 9))


if __name__ == "__main__":
    unittest.main()
