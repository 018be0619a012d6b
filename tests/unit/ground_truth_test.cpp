#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "schema/inference.h"
#include "schema_fixture.h"

namespace covet::schema {
namespace {

using covet::testing::listStore;

/// A database that is known, as the Python rows that an application would hold of it.
struct Sample {
    std::vector<facts::Store> stores;
    std::map<std::string, std::string> keys;                         // table -> primary key
    std::map<std::string, std::map<std::string, std::string>> types; // table -> column -> type
    std::set<std::string> references;                                // "orders.customer_id -> customers"

    /// `row` is a Python expression over `i`, `columns` lists "name:type" with the key first.
    void add(const std::string& name, int rows, const std::string& row, const std::vector<std::string>& columns) {
        stores.push_back(listStore(name, "[" + row + " for i in range(1, " + std::to_string(rows + 1) + ")]"));
        for (const std::string& column : columns) {
            const size_t colon = column.find(':');
            if (keys.count(name) == 0) keys[name] = column.substr(0, colon);
            types[name][column.substr(0, colon)] = column.substr(colon + 1);
        }
    }
};

Sample library() {
    Sample made;
    made.add("members", 30,
             "{'id': i, 'name': 'Member %d' % i, 'joined': datetime.date(2020, 1, 1 + i % 28), 'referrer_id': i - 1 if "
             "i > 1 else None}",
             {"id:integer", "name:text", "joined:date", "referrer_id:integer"});
    made.add("authors", 12, "{'id': i, 'name': 'Author %d' % i, 'born': 1900 + i, 'rating': i / 3}",
             {"id:integer", "name:text", "born:integer", "rating:float"});
    made.add("books", 40,
             "{'isbn': '978-%06d' % i, 'title': 'Book %d' % i, 'author_id': i % 12 + 1, 'price': decimal.Decimal('%d.50' "
             "% i), 'in_print': i % 3 == 0, 'tags': ['a', str(i)], 'pages': i * 10}",
             {"isbn:varchar(255)", "title:text", "author_id:integer", "price:numeric(18,2)", "in_print:boolean", "tags:json",
              "pages:integer"});
    made.add("loans", 60,
             "{'id': i, 'isbn': '978-%06d' % (i % 40 + 1), 'member_id': i % 30 + 1, 'due': "
             "datetime.datetime(2024, 1, 1 + i % 28, 12), 'returned': None if i % 2 else datetime.date(2024, 2, 1)}",
             {"id:integer", "isbn:varchar(255)", "member_id:integer", "due:timestamp", "returned:date"});
    made.references = {"members.referrer_id -> members", "books.author_id -> authors", "loans.isbn -> books",
                       "loans.member_id -> members"};
    made.stores[2].idField = "isbn";
    return made;
}

Sample company() {
    Sample made;
    made.add("departments", 5, "{'id': i, 'title': 'D%d' % i, 'budget': 10 ** 10 * i}",
             {"id:integer", "title:text", "budget:bigint"});
    made.add("employees", 25,
             "{'id': i, 'email': 'e%d@example.org' % i, 'department_id': i % 5 + 1, 'manager_id': 1 if i > 1 else None, "
             "'salary': 1000.5 * i, 'photo': b'\\x89PNG'}",
             {"id:integer", "email:text", "department_id:integer", "manager_id:integer", "salary:float", "photo:bytes"});
    made.add("addresses", 30, "{'id': i, 'street': 'Street %d' % i, 'zip': '%05d' % i}",
             {"id:integer", "street:text", "zip:text"});
    made.add("projects", 9,
             "{'id': i, 'name': 'P%d' % i, 'owner_id': i % 25 + 1, 'site_address_id': i + 3, 'billing_address_id': i, "
             "'starts': datetime.datetime(2024, 5, i, tzinfo=datetime.timezone.utc)}",
             {"id:integer", "name:text", "owner_id:integer", "site_address_id:integer", "billing_address_id:integer",
              "starts:timestamptz"});
    made.add("time_entries", 50,
             "{'id': i, 'project_id': i % 9 + 1, 'employee_id': i % 25 + 1, 'minutes': i * 5, 'level_id': i % 3 + 1, "
             "'started': datetime.time(8, i % 60), 'meta': {'a': i}}",
             {"id:integer", "project_id:integer", "employee_id:integer", "minutes:integer", "level_id:integer",
              "started:time", "meta:json"});
    made.references = {"employees.department_id -> departments", "employees.manager_id -> employees",
                       "projects.owner_id -> employees", "projects.site_address_id -> addresses",
                       "projects.billing_address_id -> addresses", "time_entries.project_id -> projects",
                       "time_entries.employee_id -> employees"};
    return made;
}

Sample shopWithCamelCase() {
    Sample made;
    made.add("Artists", 10, "{'ArtistId': i, 'Name': 'A%d' % i}", {"ArtistId:integer", "Name:text"});
    made.add("Albums", 20, "{'AlbumId': i, 'Title': 'T%d' % i, 'ArtistId': i % 10 + 1}",
             {"AlbumId:integer", "Title:text", "ArtistId:integer"});
    made.add("Tracks", 80,
             "{'TrackId': i, 'Name': 'N%d' % i, 'AlbumId': i % 20 + 1, 'Milliseconds': i * 1000, 'UnitPrice': 0.99, "
             "'Composer': None if i % 2 else 'C'}",
             {"TrackId:integer", "Name:text", "AlbumId:integer", "Milliseconds:integer", "UnitPrice:float",
              "Composer:text"});
    made.references = {"albums.ArtistId -> artists", "tracks.AlbumId -> albums"};
    for (facts::Store& store : made.stores)
        store.idField = store.name.substr(0, store.name.size() - 1) + "Id";
    return made;
}

struct Score {
    int keys = 0, keysRight = 0, types = 0, typesRight = 0;
    int found = 0, wanted = 0, right = 0;
    std::string mistakes;
};

const Table* tableLike(const Schema& schema, const std::string& name) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    return schema.table(lower);
}

Score scoreOf(const Sample& sample) {
    Score score;
    const Schema schema = inferSchema(sample.stores, {});
    std::set<std::string> references;
    for (const auto& [name, key] : sample.keys) {
        const Table* table = tableLike(schema, name);
        ++score.keys;
        if (!table) {
            score.mistakes += "no table " + name + "\n";
            continue;
        }
        const bool right = table->primaryKey == std::vector<std::string>{key};
        score.keysRight += right;
        if (!right) score.mistakes += name + " has the key " + (table->primaryKey.empty() ? "" : table->primaryKey[0]) + "\n";
        for (const auto& [column, type] : sample.types.at(name)) {
            ++score.types;
            const Column* found = table->column(column);
            const std::string is = found ? toString(found->type) : "nothing";
            score.typesRight += is == type;
            if (is != type) score.mistakes += name + "." + column + " is " + is + ", not " + type + "\n";
        }
        for (const ForeignKey& reference : table->foreignKeys)
            references.insert(table->name + "." + reference.columns[0] + " -> " + reference.table);
    }
    score.found = static_cast<int>(references.size());
    score.wanted = static_cast<int>(sample.references.size());
    for (const std::string& reference : references) {
        const bool right = sample.references.count(reference) > 0;
        score.right += right;
        if (!right) score.mistakes += "wrong: " + reference + "\n";
    }
    for (const std::string& reference : sample.references)
        if (references.count(reference) == 0) score.mistakes += "not found: " + reference + "\n";
    return score;
}

TEST(GroundTruth, SchemasAreFoundAgainInTheirRows) {
    Score all;
    for (const Sample& sample : {library(), company(), shopWithCamelCase()}) {
        const Score one = scoreOf(sample);
        all.keys += one.keys;
        all.keysRight += one.keysRight;
        all.types += one.types;
        all.typesRight += one.typesRight;
        all.found += one.found;
        all.wanted += one.wanted;
        all.right += one.right;
        all.mistakes += one.mistakes;
    }
    EXPECT_EQ(all.keysRight, all.keys) << all.mistakes;
    EXPECT_GE(all.typesRight, all.types * 0.95) << all.mistakes;
    const double f1 = 2.0 * all.right / (all.found + all.wanted);
    EXPECT_GE(f1, 0.9) << all.mistakes;
}

TEST(GroundTruth, NumbersThatHappenToFitAreNoReferences) {
    Sample made;
    made.add("users", 20, "{'id': i, 'age_id': i % 9 + 1, 'score': i}", {"id:integer"});
    made.add("notes", 10, "{'id': i, 'priority_id': i, 'size': i, 'owner_id': i + 15}", {"id:integer"});
    const Schema schema = inferSchema(made.stores, {});
    for (const Table& table : schema.tables)
        EXPECT_TRUE(table.foreignKeys.empty()) << table.foreignKeys[0].columns[0];
}

} // namespace
} // namespace covet::schema
