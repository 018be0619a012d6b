"""Six databases as people draw them, with their rows: what the inference has to find again. See drawing.py."""
import datetime
from decimal import Decimal

from drawing import FIRST, LAST, WORDS, Table, chance_of, day, maybe, moment, money


def shop():
    """Surrogate keys that count up, money as Decimal, a tree of categories, a table of two keys."""
    c = chance_of("shop")
    categories = Table("categories", [("id", "integer"), ("name", "text"), ("parent_id", "integer", True)], "id",
                       [("parent_id", "categories", "id")])
    for i in range(1, 13):
        categories.add(i, WORDS[i].title(), None if i < 5 else c.randrange(1, 5))
    suppliers = Table("suppliers", [("id", "integer"), ("name", "text"), ("phone", "text", True)], "id")
    for i in range(1, 9):
        suppliers.add(i, LAST[i] + " Ltd", maybe(c, "+43 1 %06d" % c.randrange(10**6)))
    products = Table("products", [("id", "integer"), ("sku", "text"), ("title", "text"), ("price", "numeric"),
                                  ("stock", "integer"), ("active", "boolean"), ("category_id", "integer"),
                                  ("supplier_id", "integer", True)], "id",
                     [("category_id", "categories", "id"), ("supplier_id", "suppliers", "id")], [["sku"]])
    for i in range(1, 61):
        products.add(i, "SKU-%04d" % (i * 7), c.choice(WORDS) + " lamp", money(c, 300), c.randrange(0, 40), c.random() < .9,
                     c.randrange(1, 13), maybe(c, c.randrange(1, 9)))
    customers = Table("customers", [("id", "integer"), ("email", "text"), ("name", "text"), ("born", "date", True),
                                    ("newsletter", "boolean")], "id", uniques=[["email"]])
    for i in range(1, 41):
        customers.add(i, "user%d@example.org" % i, c.choice(FIRST) + " " + c.choice(LAST), maybe(c, day(c) - datetime.timedelta(9000)),
                      c.random() < .5)
    addresses = Table("addresses", [("id", "integer"), ("customer_id", "integer"), ("street", "text"), ("zip", "text"),
                                    ("city", "text")], "id", [("customer_id", "customers", "id")])
    for i in range(1, 56):
        addresses.add(i, c.randrange(1, 41), "%s street %d" % (c.choice(WORDS), c.randrange(1, 90)), "%04d" % c.randrange(10000),
                      c.choice(WORDS).title())
    orders = Table("orders", [("id", "integer"), ("customer_id", "integer"), ("placed_at", "timestamp"), ("status", "text"),
                              ("shipping_address_id", "integer"), ("billing_address_id", "integer", True), ("total", "numeric")],
                   "id", [("customer_id", "customers", "id"), ("shipping_address_id", "addresses", "id"),
                          ("billing_address_id", "addresses", "id")])
    for i in range(1, 121):
        orders.add(i, c.randrange(1, 41), moment(c), c.choice(["open", "paid", "sent"]), c.randrange(1, 56),
                   maybe(c, c.randrange(1, 56), .4), money(c, 900))
    items = Table("order_items", [("order_id", "integer"), ("product_id", "integer"), ("quantity", "integer"),
                                  ("unit_price", "numeric")], ["order_id", "product_id"],
                  [("order_id", "orders", "id"), ("product_id", "products", "id")])
    for order in range(1, 121):
        for product in sorted(c.sample(range(1, 61), c.randrange(1, 5))):
            items.add(order, product, c.randrange(1, 9), money(c, 300))
    reviews = Table("reviews", [("id", "integer"), ("product_id", "integer"), ("customer_id", "integer"), ("rating", "integer"),
                                ("comment", "text", True)], "id",
                    [("product_id", "products", "id"), ("customer_id", "customers", "id")])
    for i in range(1, 71):
        reviews.add(i, c.randrange(1, 61), c.randrange(1, 41), c.randrange(1, 6), maybe(c, "quite " + c.choice(WORDS)))
    return [categories, suppliers, products, customers, addresses, orders, items, reviews]


def school():
    """Keys named after their tables, people in several roles, grades as floats."""
    c = chance_of("school")
    teachers = Table("teachers", [("teacher_id", "integer"), ("first_name", "text"), ("last_name", "text"), ("hired", "date"),
                                  ("mentor_id", "integer", True)], "teacher_id", [("mentor_id", "teachers", "teacher_id")])
    for i in range(1, 16):
        teachers.add(i, c.choice(FIRST), c.choice(LAST), day(c), None if i < 4 else c.randrange(1, i))
    rooms = Table("rooms", [("room_no", "text"), ("building", "text"), ("seats", "integer")], "room_no")
    for i in range(1, 13):
        rooms.add("%s%d0%d" % ("AB"[i % 2], i % 3 + 1, i), ["Main", "Annex"][i % 2], c.randrange(12, 40))
    subjects = Table("subjects", [("code", "text"), ("title", "text"), ("credits", "float")], "code")
    for code, title in (("MAT", "Mathematics"), ("PHY", "Physics"), ("HIS", "History"), ("ART", "Art"), ("BIO", "Biology")):
        subjects.add(code, title, c.choice([1.5, 2.0, 3.5]))
    classes = Table("classes", [("class_id", "integer"), ("subject_code", "text"), ("teacher_id", "integer"), ("room_no", "text"),
                                ("term", "text"), ("starts", "time")], "class_id",
                    [("subject_code", "subjects", "code"), ("teacher_id", "teachers", "teacher_id"), ("room_no", "rooms", "room_no")])
    for i in range(1, 31):
        classes.add(i, c.choice(subjects.values("code")), c.randrange(1, 16), c.choice(rooms.values("room_no")),
                    c.choice(["2023A", "2023B"]), datetime.time(c.randrange(8, 16), c.choice([0, 30])))
    students = Table("students", [("student_id", "integer"), ("first_name", "text"), ("last_name", "text"), ("birth_date", "date"),
                                  ("guardian", "text", True), ("tutor_id", "integer", True)], "student_id",
                     [("tutor_id", "teachers", "teacher_id")])
    for i in range(1001, 1081):
        students.add(i, c.choice(FIRST), c.choice(LAST), day(c) - datetime.timedelta(4000), maybe(c, c.choice(LAST), .5),
                     maybe(c, c.randrange(1, 16)))
    enrolments = Table("enrolments", [("student_id", "integer"), ("class_id", "integer"), ("enrolled_on", "date"),
                                      ("grade", "float", True)], ["student_id", "class_id"],
                       [("student_id", "students", "student_id"), ("class_id", "classes", "class_id")])
    for student in range(1001, 1081):
        for number in sorted(c.sample(range(1, 31), c.randrange(1, 5))):
            enrolments.add(student, number, day(c), maybe(c, c.randrange(10, 60) / 10 + .05))
    absences = Table("absences", [("id", "integer"), ("student_id", "integer"), ("absent_on", "date"), ("excused", "boolean")], "id",
                     [("student_id", "students", "student_id")])
    for i in range(1, 51):
        absences.add(i, c.randrange(1001, 1081), day(c), c.random() < .6)
    return [teachers, rooms, subjects, classes, students, enrolments, absences]


def library():
    """Natural keys (ISBN, card number), texts that look like numbers, moments with a zone."""
    c = chance_of("library")
    utc = datetime.timezone.utc
    authors = Table("authors", [("id", "integer"), ("name", "text"), ("born", "integer", True)], "id")
    for i in range(1, 31):
        authors.add(i, c.choice(FIRST) + " " + c.choice(LAST), maybe(c, c.randrange(1850, 1990)))
    publishers = Table("publishers", [("id", "integer"), ("name", "text"), ("country", "text", True)], "id")
    for i in range(1, 11):
        publishers.add(i, WORDS[i].title() + " Press", maybe(c, c.choice(["AT", "DE", "FR"])))
    books = Table("books", [("isbn", "text"), ("title", "text"), ("publisher_id", "integer", True), ("published", "date", True),
                            ("pages", "integer"), ("language", "text")], "isbn", [("publisher_id", "publishers", "id")])
    for i in range(1, 71):
        books.add("978%010d" % (i * 7919), c.choice(WORDS) + " and " + c.choice(WORDS), maybe(c, c.randrange(1, 11)),
                  maybe(c, day(c)), c.randrange(80, 900), c.choice(["en", "de", "fr"]))
    book_authors = Table("book_authors", [("isbn", "text"), ("author_id", "integer"), ("role", "text")], ["isbn", "author_id"],
                         [("isbn", "books", "isbn"), ("author_id", "authors", "id")])
    for isbn in books.values("isbn"):
        for author in sorted(c.sample(range(1, 31), c.randrange(1, 3))):
            book_authors.add(isbn, author, c.choice(["author", "editor"]))
    branches = Table("branches", [("id", "integer"), ("name", "text"), ("street", "text")], "id")
    for i in range(1, 6):
        branches.add(i, WORDS[i].title(), c.choice(WORDS) + " lane")
    copies = Table("copies", [("barcode", "text"), ("isbn", "text"), ("branch_id", "integer"), ("bought", "date"),
                              ("price", "numeric", True)], "barcode", [("isbn", "books", "isbn"), ("branch_id", "branches", "id")])
    for i in range(1, 101):
        copies.add("%08d" % (i * 131), c.choice(books.values("isbn")), c.randrange(1, 6), day(c), maybe(c, money(c, 80)))
    members = Table("members", [("card_no", "text"), ("name", "text"), ("joined", "date"), ("branch_id", "integer"),
                                ("blocked", "boolean")], "card_no", [("branch_id", "branches", "id")])
    for i in range(1, 41):
        members.add("M%05d" % (i * 17), c.choice(FIRST) + " " + c.choice(LAST), day(c), c.randrange(1, 6), c.random() < .1)
    loans = Table("loans", [("id", "integer"), ("barcode", "text"), ("card_no", "text"), ("lent_at", "timestamptz"),
                            ("returned_at", "timestamptz", True), ("fine", "numeric")], "id",
                  [("barcode", "copies", "barcode"), ("card_no", "members", "card_no")])
    for i in range(1, 151):
        loans.add(i, c.choice(copies.values("barcode")), c.choice(members.values("card_no")), moment(c, utc),
                  maybe(c, moment(c, utc)), money(c, 9))
    return [authors, publishers, books, book_authors, branches, copies, members, loans]


def music():
    """A media shop: keys in CamelCase, milliseconds and bytes beyond 32 bits, playlists."""
    c = chance_of("music")
    artists = Table("artists", [("ArtistId", "integer"), ("Name", "text")], "ArtistId")
    for i in range(1, 26):
        artists.add(i, "The " + c.choice(WORDS).title() + "s")
    albums = Table("albums", [("AlbumId", "integer"), ("Title", "text"), ("ArtistId", "integer"), ("Year", "integer", True)], "AlbumId",
                   [("ArtistId", "artists", "ArtistId")])
    for i in range(1, 46):
        albums.add(i, c.choice(WORDS).title(), c.randrange(1, 26), maybe(c, c.randrange(1960, 2024)))
    genres = Table("genres", [("GenreId", "integer"), ("Name", "text")], "GenreId")
    for i in range(1, 11):
        genres.add(i, WORDS[i].title())
    media = Table("media_types", [("MediaTypeId", "integer"), ("Name", "text")], "MediaTypeId")
    for i in range(1, 5):
        media.add(i, ["flac", "mp3", "ogg", "wav"][i - 1])
    tracks = Table("tracks", [("TrackId", "integer"), ("Name", "text"), ("AlbumId", "integer", True), ("MediaTypeId", "integer"),
                              ("GenreId", "integer", True), ("Composer", "text", True), ("Milliseconds", "integer"),
                              ("Bytes", "bigint"), ("UnitPrice", "numeric")], "TrackId",
                   [("AlbumId", "albums", "AlbumId"), ("MediaTypeId", "media_types", "MediaTypeId"), ("GenreId", "genres", "GenreId")])
    for i in range(1, 201):
        tracks.add(i, c.choice(WORDS) + " " + c.choice(WORDS), maybe(c, c.randrange(1, 46), .9), c.randrange(1, 5),
                   maybe(c, c.randrange(1, 11), .9), maybe(c, c.choice(LAST), .6), c.randrange(90000, 700000),
                   c.randrange(10**6, 9 * 10**9), c.choice([Decimal("0.99"), Decimal("1.99")]))
    playlists = Table("playlists", [("PlaylistId", "integer"), ("Name", "text")], "PlaylistId")
    for i in range(1, 9):
        playlists.add(i, c.choice(WORDS).title())
    playlist_tracks = Table("playlist_tracks", [("PlaylistId", "integer"), ("TrackId", "integer")], ["PlaylistId", "TrackId"],
                            [("PlaylistId", "playlists", "PlaylistId"), ("TrackId", "tracks", "TrackId")])
    for playlist in range(1, 9):
        for track in sorted(c.sample(range(1, 201), 20)):
            playlist_tracks.add(playlist, track)
    employees = Table("employees", [("EmployeeId", "integer"), ("LastName", "text"), ("Title", "text"), ("ReportsTo", "integer", True),
                                    ("HireDate", "date")], "EmployeeId", [("ReportsTo", "employees", "EmployeeId")])
    for i in range(1, 13):
        employees.add(i, c.choice(LAST), c.choice(["Agent", "Manager"]), None if i == 1 else c.randrange(1, i), day(c))
    customers = Table("customers", [("CustomerId", "integer"), ("Email", "text"), ("Company", "text", True),
                                    ("SupportRepId", "integer", True)], "CustomerId", [("SupportRepId", "employees", "EmployeeId")])
    for i in range(1, 41):
        customers.add(i, "c%d@example.net" % i, maybe(c, c.choice(LAST) + " Inc", .3), maybe(c, c.randrange(1, 13)))
    invoices = Table("invoices", [("InvoiceId", "integer"), ("CustomerId", "integer"), ("InvoiceDate", "timestamp"),
                                  ("Total", "numeric")], "InvoiceId", [("CustomerId", "customers", "CustomerId")])
    for i in range(1, 81):
        invoices.add(i, c.randrange(1, 41), moment(c), money(c, 30))
    lines = Table("invoice_lines", [("InvoiceLineId", "integer"), ("InvoiceId", "integer"), ("TrackId", "integer"),
                                    ("Quantity", "integer")], "InvoiceLineId",
                  [("InvoiceId", "invoices", "InvoiceId"), ("TrackId", "tracks", "TrackId")])
    for i in range(1, 201):
        lines.add(i, c.randrange(1, 81), c.randrange(1, 201), c.randrange(1, 4))
    return [artists, albums, genres, media, tracks, playlists, playlist_tracks, employees, customers, invoices, lines]


def flights():
    """Codes as keys, the same table referred to twice, seats under a key of two columns."""
    c = chance_of("flights")
    countries = Table("countries", [("code", "text"), ("name", "text")], "code")
    for code, name in (("AT", "Austria"), ("DE", "Germany"), ("FR", "France"), ("IT", "Italy"), ("JP", "Japan"), ("US", "United States")):
        countries.add(code, name)
    airports = Table("airports", [("iata", "text"), ("city", "text"), ("country_code", "text"), ("latitude", "float"),
                                  ("longitude", "float"), ("elevation", "integer", True)], "iata",
                     [("country_code", "countries", "code")])
    for i in range(20):
        airports.add("".join(chr(65 + (i * k) % 26) for k in (3, 7, 1)), c.choice(WORDS).title(), c.choice(countries.values("code")),
                     c.uniform(-60, 60), c.uniform(-170, 170), maybe(c, c.randrange(0, 2000)))
    airlines = Table("airlines", [("code", "text"), ("name", "text"), ("founded", "integer", True)], "code")
    for i in range(8):
        airlines.add(chr(65 + i) + chr(90 - i), WORDS[i].title() + " Air", maybe(c, c.randrange(1920, 2015)))
    aircraft = Table("aircraft", [("registration", "text"), ("model", "text"), ("airline_code", "text"), ("seats", "integer")],
                     "registration", [("airline_code", "airlines", "code")])
    for i in range(25):
        aircraft.add("OE-%03d" % (i * 11), c.choice(["A320", "B738", "E195"]), c.choice(airlines.values("code")), c.randrange(90, 240))
    flights_table = Table("flights", [("id", "bigint"), ("number", "text"), ("airline_code", "text"), ("origin", "text"),
                                      ("destination", "text"), ("registration", "text", True), ("departs_at", "timestamp"),
                                      ("arrives_at", "timestamp"), ("base_fare", "numeric")], "id",
                          [("airline_code", "airlines", "code"), ("origin", "airports", "iata"), ("destination", "airports", "iata"),
                           ("registration", "aircraft", "registration")])
    for i in range(100):
        flights_table.add(5000000000 + i * 3, "%03d" % c.randrange(999), c.choice(airlines.values("code")), c.choice(airports.values("iata")),
                          c.choice(airports.values("iata")), maybe(c, c.choice(aircraft.values("registration"))), moment(c), moment(c),
                          money(c, 500))
    passengers = Table("passengers", [("id", "uuid"), ("name", "text"), ("passport_no", "text", True), ("nationality", "text", True)],
                       "id", [("nationality", "countries", "code")])
    import uuid
    for i in range(60):
        passengers.add(uuid.UUID(int=c.getrandbits(128), version=4), c.choice(FIRST) + " " + c.choice(LAST),
                       maybe(c, "P%07d" % c.randrange(10**7)), maybe(c, c.choice(countries.values("code"))))
    bookings = Table("bookings", [("reference", "text"), ("flight_id", "bigint"), ("passenger_id", "uuid"), ("seat", "text", True),
                                  ("paid", "boolean"), ("price", "numeric")], "reference",
                     [("flight_id", "flights", "id"), ("passenger_id", "passengers", "id")])
    for i in range(150):
        bookings.add("%06X" % (i * 104729), c.choice(flights_table.values("id")), c.choice(passengers.values("id")),
                     maybe(c, "%d%s" % (c.randrange(1, 35), c.choice("ABCDEF"))), c.random() < .8, money(c, 900))
    seats = Table("seats", [("registration", "text"), ("seat", "text"), ("window", "boolean")], ["registration", "seat"],
                  [("registration", "aircraft", "registration")])
    for registration in aircraft.values("registration"):
        for row in range(1, 4):
            for letter in "AB":
                seats.add(registration, "%d%s" % (row, letter), letter == "A")
    return [countries, airports, airlines, aircraft, flights_table, passengers, bookings, seats]


def hospital():
    """Staff in roles, a head of department before the staff, measurements, lists of allergies."""
    c = chance_of("hospital")
    departments = Table("departments", [("id", "integer"), ("name", "text"), ("floor", "integer"), ("head_doctor_id", "integer", True)],
                        "id", [("head_doctor_id", "doctors", "id")])
    for i in range(1, 8):
        departments.add(i, WORDS[i].title(), c.randrange(0, 5), maybe(c, c.randrange(1, 21)))
    doctors = Table("doctors", [("id", "integer"), ("name", "text"), ("department_id", "integer"), ("licence", "text"),
                                ("supervisor_id", "integer", True)], "id",
                    [("department_id", "departments", "id"), ("supervisor_id", "doctors", "id")], [["licence"]])
    for i in range(1, 21):
        doctors.add(i, "Dr. " + c.choice(LAST), c.randrange(1, 8), "L%05d" % (i * 37), maybe(c, c.randrange(1, 21), .5))
    patients = Table("patients", [("id", "integer"), ("name", "text"), ("birth_date", "date"), ("insurance_no", "text", True),
                                  ("allergies", "json"), ("family_doctor_id", "integer", True)], "id",
                     [("family_doctor_id", "doctors", "id")])
    for i in range(1, 61):
        patients.add(i, c.choice(FIRST) + " " + c.choice(LAST), day(c) - datetime.timedelta(12000), maybe(c, "%010d" % c.randrange(10**10)),
                     c.sample(["pollen", "nuts", "dust"], c.randrange(0, 3)), maybe(c, c.randrange(1, 21)))
    wards = Table("wards", [("id", "integer"), ("department_id", "integer"), ("label", "text")], "id",
                  [("department_id", "departments", "id")])
    for i in range(1, 13):
        wards.add(i, c.randrange(1, 8), "W%d" % i)
    beds = Table("beds", [("ward_id", "integer"), ("bed_no", "integer"), ("monitored", "boolean")], ["ward_id", "bed_no"],
                 [("ward_id", "wards", "id")])
    for ward in range(1, 13):
        for bed in range(1, 6):
            beds.add(ward, bed, c.random() < .3)
    admissions = Table("admissions", [("id", "integer"), ("patient_id", "integer"), ("ward_id", "integer"), ("admitted_at", "timestamp"),
                                      ("discharged_at", "timestamp", True), ("attending_doctor_id", "integer")], "id",
                       [("patient_id", "patients", "id"), ("ward_id", "wards", "id"), ("attending_doctor_id", "doctors", "id")])
    for i in range(1, 91):
        admissions.add(i, c.randrange(1, 61), c.randrange(1, 13), moment(c), maybe(c, moment(c)), c.randrange(1, 21))
    medicines = Table("medicines", [("atc", "text"), ("name", "text"), ("unit_price", "numeric")], "atc")
    for i in range(1, 21):
        medicines.add("A%02dBC" % i, c.choice(WORDS) + "ol", money(c, 90))
    prescriptions = Table("prescriptions", [("id", "integer"), ("admission_id", "integer"), ("atc", "text"), ("doctor_id", "integer"),
                                            ("dose_mg", "float"), ("per_day", "integer"), ("until", "date", True)], "id",
                          [("admission_id", "admissions", "id"), ("atc", "medicines", "atc"), ("doctor_id", "doctors", "id")])
    for i in range(1, 121):
        prescriptions.add(i, c.randrange(1, 91), c.choice(medicines.values("atc")), c.randrange(1, 21), c.choice([2.5, 5.0, 12.5]),
                          c.randrange(1, 5), maybe(c, day(c)))
    return [departments, doctors, patients, wards, beds, admissions, medicines, prescriptions]


DATABASES = {"shop": shop, "school": school, "library": library, "music": music, "flights": flights, "hospital": hospital}
