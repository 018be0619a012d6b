"""The clinic's data; other modules reach it as storage.NAME or by star import."""
patients = [
    {"id": 1, "name": "Ida Berg", "born": "1980-02-29", "allergies": ["nuts"], "doctor": "lund"},
    {"id": 2, "name": "Omar Aziz", "born": "1999-12-31", "allergies": [], "doctor": None},
]
doctors = {"lund": {"name": "Dr. Lund", "ward": 3}, "roy": {"name": "Dr. Roy", "ward": 1}}
visits = []
next_visit = 1
OPEN_HOURS = (8, 17)
