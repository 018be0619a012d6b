#include "rules/store/shared_records.h"

#include <algorithm>
#include <map>

#include "facts/field_origins.h"
#include "facts/record_shape.h"
#include "facts/reference_context.h"
#include "facts/store_lifetime.h"
#include "semantic/test_modules.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::Element;
using facts::FoundStore;
using semantic::Function;
using semantic::Module;
using semantic::Symbol;

bool holdsRecords(const FoundStore& store) {
    return !facts::isNoDataReason(store.fact.leftAlone) && (store.fact.element == Element::Record || store.fact.element == Element::Instance);
}

/// The expression in front of the last `.name`, `[key]` or `(...)`; null at a name.
Node inFrontOf(const Node& node) {
    if (node.is("attribute")) return node.field("object");
    if (node.is("subscript")) return node.field("value");
    return node.is("call") ? node.field("function") : Node();
}

class Finder {
public:
    Finder(const semantic::Project& project, const StorePlan& plan) : project_(project), plan_(plan), values_(project, plan.stores) {}

    std::vector<SharedRecords> find() {
        for (const FoundStore& store : plan_.stores)
            put(store, false, *store.module, store.initialValue);
        for (const auto& module : project_.modules())
            if (!semantic::isTestModule(*module))
                syntax::walk(module->tree->root(), [&](const Node& node) {
                    lookAt(*module, node);
                    return true;
                });
        for (const auto& [name, stores] : named_) pairUp(stores);
        found_.erase(std::remove_if(found_.begin(), found_.end(), [&](const SharedRecords& one) { return !isChanged(one); }), found_.end());
        return std::move(found_);
    }

private:
    /// Where a store gets a value under a local name.
    struct Put {
        const FoundStore* store = nullptr;
        bool isInside = false; // of one of its elements
        const Module* module = nullptr;
        Node value;
    };

    void lookAt(const Module& module, const Node& node) {
        if (node.is("assignment")) {
            const Node target = node.field("left"), value = node.field("right");
            if (const FoundStore* store = values_.storeAt(target)) put(*store, false, module, value);
            else if (target.is("subscript") || target.is("attribute")) putInto(module, inFrontOf(target), value);
            return;
        }
        const Node callee = node.is("call") ? node.field("function") : Node();
        if (!callee.is("attribute") || !facts::isMutatingMethod(callee.field("attribute").text())) return;
        // What is taken out or looked up by, `tasks.setdefault(key, {})`, is not put in.
        const std::string_view method = callee.field("attribute").text();
        if (method == "remove" || method == "discard") return;
        bool isKey = method == "setdefault" || method == "insert" || method == "pop";
        for (const Node& argument : node.field("arguments").namedChildren()) {
            if (!isKey) putInto(module, callee.field("object"), argument);
            isKey = false;
        }
    }

    void putInto(const Module& module, const Node& target, const Node& value) {
        if (const FoundStore* store = values_.storeAt(target)) return put(*store, false, module, value);
        for (Node at = target; at; at = inFrontOf(at)) {
            const FoundStore* store = values_.storeAt(at);
            if (!store) store = values_.elementStore(module, at);
            if (store) return put(*store, true, module, value);
        }
    }

    void put(const FoundStore& store, bool isInside, const Module& module, const Node& value) {
        if (facts::isNoDataReason(store.fact.leftAlone) || (!isInside && store.fact.container == facts::Container::Scalar)) return;
        const auto take = [&](const FoundStore* other) {
            if (other != &store && holdsRecords(*other) && !isMoved(*other, module, value)) add(*other, store, isInside, module, value);
        };
        // `{m["id"]: m for m in movies}`: the elements themselves.
        const bool isWhole = value == store.initialValue || (value.parent().is("assignment") && values_.storeAt(value.parent().field("left")) == &store);
        syntax::walk(value, [&](const Node& node) {
            if (node.is("string") || node.is("lambda") || node.is("comparison_operator") || node.is("if_clause") || node.is("for_in_clause"))
                return false;
            if (const FoundStore* collected = values_.collected(node)) {
                take(collected);
                return false;
            }
            if (const FoundStore* element = values_.elementStore(module, node)) {
                take(element);
                return false;
            }
            if (node.is("pair")) return walkValue(store, isInside || !isWhole || !(node.parent() == value), module, node.field("value"));
            if (node.is("keyword_argument")) return walkValue(store, true, module, node.field("value"));
            if (node.is("identifier")) return noteName(store, isInside, module, node);
            if (node.is("attribute") || node.is("subscript") || node.is("dictionary_splat") || node.is("list_splat")) return false;
            if (!node.is("call")) return true;
            if (project_.resolve(module, node.field("function")).kind != Symbol::Kind::Class) return isContainerCall(node);
            for (const Node& argument : node.field("arguments").namedChildren())
                walkValue(store, true, module, argument.is("keyword_argument") ? argument.field("value") : argument);
            return false;
        });
    }

    /// `archive.append(tasks.pop(i))`: the function takes the record out of the one when it puts it into the other.
    bool isMoved(const FoundStore& from, const Module& module, const Node& value) const {
        const Function* function = module.enclosingFunction(value);
        return function && std::any_of(from.references.begin(), from.references.end(), [&](const facts::StoreReference& reference) {
            const facts::UseKind kind = facts::contextOf(reference.node).kind;
            return reference.function == function && (kind == facts::UseKind::Pop || kind == facts::UseKind::Remove ||
                                                      kind == facts::UseKind::DelItem || kind == facts::UseKind::Rebind);
        });
    }

    bool walkValue(const FoundStore& store, bool isInside, const Module& module, const Node& value) {
        put(store, isInside, module, value);
        return false;
    }

    /// A local name is followed to what it was made of, and remembered: another store may get it, too.
    bool noteName(const FoundStore& store, bool isInside, const Module& module, const Node& name) {
        const Function* function = module.enclosingFunction(name);
        if (!function || !function->locals.count(std::string(name.text()))) return false;
        static constexpr Words kPlain = {"str", "int", "float", "bool", "bytes", "date", "time", "datetime", "Decimal", "uuid"};
        if (kPlain.count(facts::typeOfExpression(project_, module, name))) return false;
        std::vector<Put>& puts = named_[{function, std::string(name.text())}];
        const bool isKnown = std::any_of(puts.begin(), puts.end(), [&](const Put& one) { return one.store == &store && one.isInside == isInside; });
        if (isKnown) return false;
        puts.push_back({&store, isInside, &module, name});
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            const Node made = node.is("assignment") && node.field("left").text() == name.text() ? node.field("right") : Node();
            if (made && !made.is("identifier")) put(store, isInside, module, made);
            return true;
        });
        return false;
    }

    /// `list(rows)`: what the call makes holds what it is given.
    static bool isContainerCall(const Node& call) {
        static constexpr Words kContainers = {"list", "tuple", "set", "sorted", "reversed", "filter"};
        return kContainers.count(call.field("function").text()) > 0;
    }

    /// All hold the record of the one that has a key for it.
    void pairUp(const std::vector<Put>& puts) {
        const auto owns = [&](const Put& one) { return !one.isInside && holdsRecords(*one.store); };
        const auto keyed = std::find_if(puts.begin(), puts.end(), [&](const Put& one) { return owns(one) && hasOwnKey(*one.store); });
        for (const Put& one : puts)
            for (const Put& other : puts)
                if (one.store != other.store && owns(one) && (keyed == puts.end() || one.store == keyed->store) && (other.isInside || holdsRecords(*other.store)))
                    add(*one.store, *other.store, other.isInside, *other.module, other.value);
    }

    /// Whether the rows of a store can be told from one another by what the records hold.
    bool hasOwnKey(const FoundStore& store) const {
        const schema::Table* table = plan_.schema.tableOfStore(store.fact.id);
        const schema::Column* key = table && table->primaryKey.size() == 1 ? table->column(table->primaryKey[0]) : nullptr;
        return key && key->role == schema::ColumnRole::Field;
    }

    void add(const FoundStore& from, const FoundStore& into, bool isInside, const Module& module, const Node& where) {
        const FoundStore *owner = &from, *holder = &into;
        if (!isInside && holdsRecords(into) && !hasOwnKey(from) && hasOwnKey(into)) std::swap(owner, holder);
        const bool isKnown = std::any_of(found_.begin(), found_.end(), [&](const SharedRecords& one) {
            return (one.owner == owner && one.holder == holder && one.isInside == isInside) || (!isInside && one.owner == holder && one.holder == owner);
        });
        if (!isKnown) found_.push_back({owner, holder, &module, where, isInside, hasOwnKey(*owner)});
    }

    // Whether code changes records.

    bool isChanged(const SharedRecords& shared) const {
        bool changed = false;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Function& function : module->functions) {
                if (changed) return true;
                if (function.isNested) continue;
                syntax::walk(function.node.field("body"), [&](const Node& node) {
                    changed = changed || changesRecord(*module, function, node, shared);
                    return !changed;
                });
            }
        }
        return changed;
    }

    bool changesRecord(const Module& module, const Function& function, const Node& node, const SharedRecords& shared) const {
        const bool assigns = node.is("assignment") || node.is("augmented_assignment"), deletes = node.is("delete_statement");
        const Node callee = node.is("call") ? node.field("function") : Node();
        if (assigns || deletes) {
            const Node target = assigns ? node.field("left") : node.namedChild(0);
            if (node.is("augmented_assignment") && target.is("identifier")) return isRecordOf(module, target, shared);
            return (target.is("subscript") || target.is("attribute")) && mayBeRecord(module, function, inFrontOf(target), shared);
        }
        if (callee.text() == "setattr") return true;
        return callee.is("attribute") && facts::isMutatingMethod(callee.field("attribute").text()) &&
               mayBeRecord(module, function, callee.field("object"), shared);
    }

    bool isRecordOf(const Module& module, const Node& node, const SharedRecords& shared) const {
        const FoundStore* store = values_.elementStore(module, node);
        return store == shared.owner || store == shared.holder;
    }

    /// Whether a change of what an expression gives may be one of a record of these stores, or of what is inside of one.
    bool mayBeRecord(const Module& module, const Function& function, Node target, const SharedRecords& shared) const {
        if (values_.storeAt(target)) return false; // adds and removes records
        bool isDeeper = false; // than a field of a record: `cart["items"][0]`
        while (target) {
            const FoundStore* store = values_.elementStore(module, target);
            if (!store) store = values_.storeAt(target);
            if (store) return store == shared.owner || (store == shared.holder && (isDeeper || !shared.isInside));
            if (target.is("identifier")) break;
            isDeeper = isDeeper || target.is("call") || (target.is("subscript") && !target.field("subscript").is("string"));
            target = inFrontOf(target);
        }
        if (target.isNull()) return true;
        const std::string name(target.text());
        if (name == "self") {
            const std::string own = module.name + ":" + function.className;
            return function.name != "__init__" && (own == shared.owner->fact.elementClass || own == shared.holder->fact.elementClass);
        }
        if (!function.locals.count(name)) return project_.resolve(module, target).kind == Symbol::Kind::Unknown;
        return !isFresh(module, function, name);
    }

    /// Whether all that a local name gets is made on the spot, or comes from a library.
    bool isFresh(const Module& module, const Function& function, const std::string& name) const {
        bool fresh = true, assigned = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            const bool loops = (node.is("for_statement") || node.is("for_in_clause")) && node.field("left").text() == name;
            if (loops) fresh = false;
            if (!node.is("assignment") || node.field("left").text() != name) return fresh;
            assigned = true;
            const Node value = node.field("right");
            const Symbol::Kind made = value.is("call") ? project_.resolve(module, value.field("function")).kind : Symbol::Kind::Unknown;
            fresh = fresh && (value.is("dictionary") || value.is("list") || value.is("set") || value.is("list_comprehension") ||
                              value.is("dictionary_comprehension") || value.is("integer") || value.is("string") ||
                              made == Symbol::Kind::External || made == Symbol::Kind::Class || isBuiltinContainer(value));
            return fresh;
        });
        return fresh && assigned;
    }

    static bool isBuiltinContainer(const Node& value) {
        const std::string_view callee = value.is("call") ? value.field("function").text() : std::string_view();
        return callee == "list" || callee == "dict" || callee == "set" || callee == "defaultdict";
    }

    const semantic::Project& project_;
    const StorePlan& plan_;
    const facts::StoredValues values_;
    std::map<std::pair<const Function*, std::string>, std::vector<Put>> named_;
    std::vector<SharedRecords> found_;
};

} // namespace

bool shareRecords(const std::vector<SharedRecords>& shared, const std::vector<const FoundStore*>& stores) {
    return std::any_of(shared.begin(), shared.end(), [&](const SharedRecords& one) {
        return std::any_of(stores.begin(), stores.end(), [&](const FoundStore* store) { return store == one.owner || store == one.holder; });
    });
}

bool linkSharing(const std::vector<SharedRecords>& shared, Proxies& proxies) {
    bool any = false;
    for (auto& [store, proxy] : proxies) {
        if (!shareRecords(shared, {store})) continue;
        any = true;
        proxy.furtherMakers.push_back("sharing");
        proxy.definition = "sharing(" + proxy.definition;
        for (const SharedRecords& one : shared) {
            const auto owner = one.holder == store ? proxies.find(one.owner) : proxies.end();
            if (owner == proxies.end()) continue;
            proxy.furtherModels.push_back(owner->second.model);
            proxy.definition += ", " + owner->second.model;
        }
        proxy.definition += ")";
    }
    return any;
}

void untoldRecords(const std::vector<SharedRecords>& shared, Obstacles& obstacles) {
    for (const SharedRecords& one : shared) {
        const Obstacle why{"shared-records",
                           "`" + one.holder->fact.name + "` holds the records of `" + one.owner->fact.name +
                               "`, too, and code changes them: let it hold their ids only, and give each an id of its own",
                           one.module, one.where};
        const bool stays = !one.owner->fact.leftAlone.empty() || !one.holder->fact.leftAlone.empty();
        if (one.isTold && !stays) continue;
        obstacles.emplace(one.owner, why);
        obstacles.emplace(one.holder, why);
    }
}

std::vector<SharedRecords> sharedRecords(const semantic::Project& project, const StorePlan& plan) {
    return Finder(project, plan).find();
}

} // namespace covet::rules
