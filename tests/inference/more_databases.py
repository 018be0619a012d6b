"""Three databases of other shapes: keys of several columns, numbers and dates as texts, tables of pairs, references
that are named for what they mean, keys that are not called id."""
import datetime
import uuid

from drawing import FIRST, LAST, WORDS, Table, chance_of, day, maybe, moment, money


def warehouse():
    """Codes as keys, stock under a key of three columns, prices and dates as texts, movements that undo others."""
    c = chance_of("warehouse")
    suppliers = Table("suppliers", [("supplier_code", "text"), ("name", "text"), ("rating", "float", True), ("since", "text")],
                      "supplier_code")
    for i in range(12):
        suppliers.add("SUP-%03d" % (i * 7), WORDS[i].title() + " Ltd", maybe(c, c.choice([3.5, 4.0, 4.8])), day(c).isoformat())
    parts = Table("parts", [("sku", "text"), ("title", "text"), ("unit_price", "text"), ("weight_g", "integer", True),
                            ("category", "text"), ("discontinued", "boolean")], "sku")
    for i in range(60):
        parts.add("P%05d" % (i * 31), c.choice(WORDS) + " " + c.choice(WORDS), str(money(c, 80)), maybe(c, c.randrange(5, 5000)),
                  c.choice(["bolt", "nut", "plate"]), c.random() < .1)
    offers = Table("offers", [("sku", "text"), ("supplier_code", "text"), ("price", "numeric"), ("lead_days", "integer")],
                   ["sku", "supplier_code"], [("sku", "parts", "sku"), ("supplier_code", "suppliers", "supplier_code")])
    for sku in parts.values("sku"):
        for supplier in c.sample(suppliers.values("supplier_code"), 2):
            offers.add(sku, supplier, money(c, 70), c.randrange(1, 30))
    zones = Table("zones", [("id", "integer"), ("label", "text"), ("parent_zone_id", "integer", True)], "id",
                  [("parent_zone_id", "zones", "id")])
    for i in range(1, 9):
        zones.add(i, "Z%d" % i, None if i < 3 else c.randrange(1, 3))
    bins = Table("bins", [("zone_id", "integer"), ("shelf", "text"), ("capacity", "integer")], ["zone_id", "shelf"],
                 [("zone_id", "zones", "id")])
    for zone in range(1, 9):
        for shelf in "ABCD":
            bins.add(zone, shelf + str(zone), c.randrange(10, 90))
    stock = Table("stock", [("zone_id", "integer"), ("sku", "text"), ("quantity", "integer"), ("counted_on", "date", True)],
                  ["zone_id", "sku"], [("zone_id", "zones", "id"), ("sku", "parts", "sku")])
    for zone in range(1, 9):
        for sku in c.sample(parts.values("sku"), 12):
            stock.add(zone, sku, c.randrange(0, 400), maybe(c, day(c)))
    movements = Table("movements", [("id", "bigint"), ("sku", "text"), ("from_zone_id", "integer", True), ("to_zone_id", "integer", True),
                                    ("quantity", "integer"), ("kind", "text"), ("moved_at", "text"), ("reverses_id", "bigint", True)],
                      "id", [("sku", "parts", "sku"), ("from_zone_id", "zones", "id"), ("to_zone_id", "zones", "id"),
                             ("reverses_id", "movements", "id")])
    for i in range(120):
        earlier = movements.values("id")
        movements.add(9000000000 + i, c.choice(parts.values("sku")), maybe(c, c.randrange(1, 9)), maybe(c, c.randrange(1, 9)),
                      c.randrange(1, 50), c.choice(["in", "out", "move"]), moment(c).isoformat(),
                      c.choice(earlier) if earlier and c.random() < .1 else None)
    return [suppliers, parts, offers, zones, bins, stock, movements]


def forum():
    """People under several roles, pairs of people, answers to answers, tags by name."""
    c = chance_of("forum")
    users = Table("users", [("id", "integer"), ("username", "text"), ("display_name", "text"), ("karma", "integer"),
                            ("banned_until", "timestamp", True), ("invited_by_id", "integer", True)], "id",
                  [("invited_by_id", "users", "id")], [["username"]])
    for i in range(1, 41):
        name = c.choice(FIRST)
        users.add(i, "%s%02d" % (name.lower(), i), name + " " + c.choice(LAST), c.randrange(-5, 9000), maybe(c, moment(c), .2),
                  c.randrange(1, i) if i > 1 and c.random() < .6 else None)
    boards = Table("boards", [("slug", "text"), ("title", "text"), ("moderator_id", "integer", True)], "slug",
                   [("moderator_id", "users", "id")])
    for word in WORDS[:9]:
        boards.add(word, word.title(), maybe(c, c.randrange(1, 41)))
    posts = Table("posts", [("id", "integer"), ("board_slug", "text"), ("author_id", "integer"), ("reply_to_id", "integer", True),
                            ("body", "text"), ("created_at", "timestamptz"), ("pinned", "boolean")], "id",
                  [("board_slug", "boards", "slug"), ("author_id", "users", "id"), ("reply_to_id", "posts", "id")])
    for i in range(1, 201):
        posts.add(i, c.choice(boards.values("slug")), c.randrange(1, 41), c.randrange(1, i) if i > 5 and c.random() < .5 else None,
                  " ".join(c.choice(WORDS) for _ in range(c.randrange(3, 20))), moment(c, datetime.timezone.utc), c.random() < .05)
    tags = Table("tags", [("id", "integer"), ("name", "text")], "id", (), [["name"]])
    for i in range(1, 13):
        tags.add(i, WORDS[i])
    post_tags = Table("post_tags", [("post_id", "integer"), ("tag_id", "integer")], ["post_id", "tag_id"],
                      [("post_id", "posts", "id"), ("tag_id", "tags", "id")])
    for post in range(1, 101):
        for tag in sorted(c.sample(range(1, 13), 2)):
            post_tags.add(post, tag)
    votes = Table("votes", [("user_id", "integer"), ("post_id", "integer"), ("value", "integer")], ["user_id", "post_id"],
                  [("user_id", "users", "id"), ("post_id", "posts", "id")])
    for user in range(1, 41):
        for post in sorted(c.sample(range(1, 201), 5)):
            votes.add(user, post, c.choice([-1, 1]))
    follows = Table("follows", [("follower_id", "integer"), ("followed_id", "integer"), ("since", "date")],
                    ["follower_id", "followed_id"], [("follower_id", "users", "id"), ("followed_id", "users", "id")])
    for user in range(1, 41):
        for other in c.sample([i for i in range(1, 41) if i != user], 3):
            follows.add(user, other, day(c))
    messages = Table("messages", [("id", "uuid"), ("sender_id", "integer"), ("recipient_id", "integer"), ("text", "text", True),
                                  ("attachment", "bytes", True), ("read", "boolean")], "id",
                     [("sender_id", "users", "id"), ("recipient_id", "users", "id")])
    for i in range(80):
        messages.add(uuid.UUID(int=c.getrandbits(128), version=4), c.randrange(1, 41), c.randrange(1, 41),
                     maybe(c, c.choice(WORDS)), maybe(c, bytes(c.randrange(256) for _ in range(6)), .3), c.random() < .5)
    return [users, boards, posts, tags, post_tags, votes, follows, messages]


def payroll():
    """Numbers that are not called id, a history under number and date, amounts as texts."""
    c = chance_of("payroll")
    departments = Table("departments", [("dept_no", "text"), ("dept_name", "text"), ("budget", "text")], "dept_no")
    for i in range(1, 8):
        departments.add("d%03d" % i, WORDS[i].title(), "%d.00" % (c.randrange(10, 900) * 1000))
    employees = Table("employees", [("emp_no", "integer"), ("first_name", "text"), ("last_name", "text"), ("gender", "text"),
                                    ("birth_date", "text"), ("hire_date", "date"), ("dept_no", "text"), ("manager_emp_no", "integer", True)],
                      "emp_no", [("dept_no", "departments", "dept_no"), ("manager_emp_no", "employees", "emp_no")])
    for i in range(50):
        employees.add(10001 + i, c.choice(FIRST), c.choice(LAST), c.choice("MFX"), day(c).isoformat(), day(c),
                      c.choice(departments.values("dept_no")), 10001 + c.randrange(i) if i > 3 else None)
    salaries = Table("salaries", [("emp_no", "integer"), ("from_date", "date"), ("to_date", "date", True), ("amount", "numeric")],
                     ["emp_no", "from_date"], [("emp_no", "employees", "emp_no")])
    for number in employees.values("emp_no"):
        for year in range(3):
            start = datetime.date(2020 + year, 1 + number % 12, 1)
            salaries.add(number, start, maybe(c, start + datetime.timedelta(364)), money(c, 9000))
    titles = Table("titles", [("emp_no", "integer"), ("title", "text"), ("from_date", "text")], ["emp_no", "title"],
                   [("emp_no", "employees", "emp_no")])
    for number in employees.values("emp_no"):
        for title in c.sample(["Engineer", "Staff", "Senior Staff", "Manager"], 2):
            titles.add(number, title, day(c).isoformat())
    projects = Table("projects", [("code", "text"), ("name", "text"), ("lead_emp_no", "integer"), ("ends", "date", True)], "code",
                     [("lead_emp_no", "employees", "emp_no")])
    for i in range(1, 11):
        projects.add("PRJ%02d" % i, WORDS[i] + " " + WORDS[-i], 10001 + c.randrange(50), maybe(c, day(c)))
    assignments = Table("assignments", [("emp_no", "integer"), ("project_code", "text"), ("share", "float")],
                        ["emp_no", "project_code"], [("emp_no", "employees", "emp_no"), ("project_code", "projects", "code")])
    for number in employees.values("emp_no"):
        for code in c.sample(projects.values("code"), 2):
            assignments.add(number, code, c.choice([.25, .5, .8]))
    timesheets = Table("timesheets", [("id", "uuid"), ("emp_no", "integer"), ("project_code", "text"), ("worked_on", "date"),
                                      ("hours", "numeric"), ("approved_by_emp_no", "integer", True), ("starts", "time")], "id",
                       [("emp_no", "employees", "emp_no"), ("project_code", "projects", "code"),
                        ("approved_by_emp_no", "employees", "emp_no")])
    for i in range(150):
        timesheets.add(uuid.UUID(int=c.getrandbits(128), version=4), 10001 + c.randrange(50), c.choice(projects.values("code")), day(c),
                       money(c, 10), maybe(c, 10001 + c.randrange(50)), datetime.time(c.randrange(6, 11), c.choice([0, 15, 30])))
    return [departments, employees, salaries, titles, projects, assignments, timesheets]


MORE_DATABASES = {"warehouse": warehouse, "forum": forum, "payroll": payroll}
