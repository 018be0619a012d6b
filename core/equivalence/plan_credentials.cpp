// Who asks: accounts that the starting data has or that were made, signing in with them, and the tokens that came of it.
#include <algorithm>

#include "equivalence/plan.h"
#include "support/base64.h"
#include "support/strings.h"
#include "syntax/evaluator/json_reader.h"

namespace covet::equivalence {
namespace {

constexpr size_t kAccounts = 3;

bool isPassword(const std::string& name) {
    const std::string lower = toLower(name);
    return lower.find("password") != std::string::npos || lower == "passwd" || lower == "pwd";
}

const Value* textOf(const Value& record, const std::string& name) {
    for (const Value::Entry& entry : record.entries())
        if (entry.first.text() == name && entry.second.kind() == Value::Kind::Str) return &entry.second;
    return nullptr;
}

bool hasPassword(const Value& record) {
    return std::any_of(record.entries().begin(), record.entries().end(), [](const Value::Entry& entry) {
        return isPassword(entry.first.text()) && entry.second.kind() == Value::Kind::Str;
    });
}

bool signsIn(const RouteHints& route) {
    const std::string path = toLower(route.path);
    for (const char* word : {"login", "signin", "sign-in", "sign_in", "token", "auth", "session"})
        if (isWriting(route.method) && path.find(word) != std::string::npos) return true;
    return false;
}

/// A body with the texts of an account in its places; null where the account lacks one of them.
Value bodyOf(const Value& sample, const Value& account) {
    std::vector<Value::Entry> entries;
    for (const Value::Entry& entry : sample.entries()) {
        const Value* text = textOf(account, entry.first.text());
        if (!text) return Value::null();
        entries.emplace_back(entry.first, *text);
    }
    return Value::dict(std::move(entries));
}

/// Names are often kept in small letters.
Value inSmallLetters(const Value& body) {
    std::vector<Value::Entry> entries;
    for (const Value::Entry& entry : body.entries())
        entries.emplace_back(entry.first, isPassword(entry.first.text()) ? entry.second : Value::string(toLower(entry.second.text())));
    return Value::dict(std::move(entries));
}

} // namespace

void RequestPlan::learn(const Request& request, const Answer& answer) {
    if (answer.status == 401 || answer.status == 403)
        guarded_[request.route] = startsWith(answer.header("www-authenticate"), "Basic") ? "Basic" : "Bearer";
    if (answer.status < 200 || answer.status >= 300) return;
    known_.learn(answer.body);
    if (!isWriting(request.method) || !request.body || request.body->empty() || request.body->front() != '{') return;
    const std::optional<Value> body = syntax::eval::readJson(*request.body);
    if (body && hasPassword(*body)) registered_.push_back(*body);
}

/// The newest first, those of the starting data last.
std::vector<Value> RequestPlan::accounts() const {
    std::vector<Value> found(registered_.rbegin(), registered_.rend());
    for (const SampleStore& store : inspection_.stores)
        for (size_t i = 0; i < store.records.size(); ++i) {
            if (!hasPassword(store.records[i])) continue;
            found.push_back(store.records[i]);
            if (i < store.keys.size() && !textOf(store.records[i], "username")) found.back().set(Value::string("username"), store.keys[i]);
        }
    if (found.size() > kAccounts) found.resize(kAccounts);
    return found;
}

void RequestPlan::signIns(std::vector<Request>& out) {
    const std::vector<Value> known = accounts();
    for (const RouteHints& route : inspection_.routes) {
        if (!signsIn(route)) continue;
        const SampleBody sample = bodies_.validBodies(route, ++number_).front();
        if (sample.value.kind() != Value::Kind::Dict || !hasPassword(sample.value)) continue;
        for (const Value& account : known) {
            const Value body = bodyOf(sample.value, account);
            if (body.isNull()) continue;
            out.push_back(withBody(route, filled(route), {body, "", sample.isForm}, "a known account"));
            if (const Value small = inSmallLetters(body); !small.identical(body))
                out.push_back(withBody(route, filled(route), {small, "", sample.isForm}, "a known account in small letters"));
        }
    }
}

/// The value of an Authorization header; "" while nothing is known.
std::string RequestPlan::credentials(const std::string& scheme) const {
    if (scheme == "Basic") {
        for (const Value& account : accounts())
            for (const Value::Entry& entry : account.entries())
                for (const char* name : {"username", "user", "login", "email", "name"})
                    if (const Value* user = isPassword(entry.first.text()) ? textOf(account, name) : nullptr)
                        return "Basic " + toBase64(user->text() + ":" + entry.second.text());
        return "";
    }
    for (const char* field : {"access_token", "token", "session_token", "api_key"})
        if (!known_.of(field).empty()) return "Bearer " + plainText(known_.of(field).back());
    return "";
}

} // namespace covet::equivalence
