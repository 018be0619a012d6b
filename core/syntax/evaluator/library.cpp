#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "support/sha256.h"
#include "syntax/evaluator/interpreter.h"
#include "syntax/evaluator/json_reader.h"
#include "syntax/evaluator/temporal.h"
#include "syntax/evaluator/unicode_text.h"

namespace covet::syntax::eval {

Ref Interpreter::copyOf(const Ref& ref, bool deep, std::map<const Box*, Box*>& seen) {
    if (!ref.box || !(ref.box->isContainer() || ref.box->kind == Box::Kind::Instance)) return ref;
    auto found = seen.find(ref.box);
    if (found != seen.end()) return found->second;
    touch(ref);
    const Box& from = *ref.box;
    Box* made = make(from.kind, from.name);
    seen[&from] = made;
    made->taint = from.taint;
    made->frozen = from.frozen;
    made->type = from.type;
    made->self = from.self;
    made->longest = from.longest;
    for (const Ref& element : from.items)
        made->items.push_back(deep ? copyOf(element, true, seen) : element);
    for (const Box::Entry& entry : from.entries)
        if (!entry.dead)
            made->assign(entry.key, deep ? copyOf(entry.value, true, seen) : entry.value);
    for (const auto& [name, value] : from.attributes)
        made->attributes[name] = deep ? copyOf(value, true, seen) : value;
    return made;
}

Ref Interpreter::callFile(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* given = arguments.get(0, "file");
    const auto path = given ? strOf(*given) : std::nullopt;
    if (!path) return opaque(node);
    const Ref* mode = arguments.get(1, "mode");
    const bool writes =
        mode && mode->isStr() && mode->value.text().find_first_of("wax+") != std::string::npos;
    if (writes) return opaque(node);
    // The module whose code opens the file is the one that is running.
    const SourceModule* from = nullptr;
    for (const auto& [dotted, record] : modules_)
        if (record->source->tree.get() == node.tree()) from = record->source;
    if (!from) return opaque(node);
    const FileAnswer answer = host_.file(*path, *from);
    if (name == "exists") {
        if (answer.kind == FileAnswer::Kind::Unknown) return opaque(node);
        return Value::boolean(answer.kind == FileAnswer::Kind::Known);
    }
    if (answer.kind == FileAnswer::Kind::Missing) return raise("FileNotFoundError", *path);
    if (answer.kind == FileAnswer::Kind::Unknown) return opaque(node);
    if (name == "read_text") return Value::string(answer.bytes.string());
    Box* file = make(Box::Kind::Opaque, "open(" + *path + ")");
    file->content = answer.bytes;
    Box* read = make(Box::Kind::Bound, "(file read)");
    read->self = Ref(file);
    file->attributes["read"] = read;
    return file;
}

Ref Interpreter::callLibrary(const std::string& name, Arguments& arguments, const Node& node) {
    const Ref* first = arguments.get(0, "");
    if (name == "json.loads" || name == "json.load") {
        if (!first) return raise("TypeError");
        SharedText text;
        if (first->isStr() && name == "json.loads") {
            text = first->value.text();
        } else if (first->box && first->box->attributes.count("read") && name == "json.load") {
            text = first->box->content;
        } else {
            return opaque(node);
        }
        if (!arguments.keywords.empty()) return opaque(node);
        const auto document = readLargeJson(text);
        if (!document) return raise("JSONDecodeError");
        if (document->whole) return document->isDeferred ? left(*document->whole) : fromValue(*document->whole);
        Box* box = make(Box::Kind::Dict);
        for (size_t i = 0; i < document->parts.size(); ++i) {
            const auto& [key, value] = document->parts[i];
            box->assign(fromValue(key), document->deferredParts[i] ? left(value) : fromValue(value));
        }
        return box;
    }
    if (name == "json.dumps" && first && arguments.keywords.empty()) {
        const Value value = toValue(*first);
        const Value::Kind kind = value.kind();
        if (value.hasOpaque() || kind == Value::Kind::Object) return opaque(node);
        return Value::string(toJson(value));
    }
    if (name == "copy.deepcopy" || name == "copy.copy") {
        std::map<const Box*, Box*> seen;
        return first ? copyOf(*first, name == "copy.deepcopy", seen) : raise("TypeError");
    }
    if (name.compare(0, 9, "datetime.") == 0) return callTemporal(name, arguments, node);
    if (name == "decimal.Decimal") return callDecimal(arguments, node);
    if (name.compare(0, 7, "base64.") == 0) return callBytes(name, arguments, node);
    if (name.compare(0, 10, "itertools.") == 0 || name == "functools.reduce")
        return callIterators(name, arguments, node);
    if (name.compare(0, 9, "operator.") == 0 || name == "functools.partial")
        return callOperator(name, arguments, node);
    if (name.compare(0, 5, "math.") == 0) return callMath(name, arguments, node);
    if (name == "collections.namedtuple") return callNamedTuple(arguments, node);
    if (name == "types.SimpleNamespace" && arguments.positional.empty()) {
        Box* type = make(Box::Kind::Class, "SimpleNamespace");
        type->detail = std::make_unique<ClassDetail>();
        Box* made = newObject(*type);
        for (const auto& [key, value] : arguments.keywords) setAttribute(made, key, value);
        return made;
    }
    if (name == "collections.Counter") return callCounter(arguments, node);
    if (name == "uuid.UUID" && first && first->isStr() && arguments.positional.size() == 1) {
        std::string digits;
        std::string text = first->value.text();
        for (const char c : text) {
            const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
            if ((lower >= '0' && lower <= '9') || (lower >= 'a' && lower <= 'f'))
                digits += lower;
            else if (c != '-' && c != '{' && c != '}')
                return opaque(node);
        }
        if (digits.size() != 32) return raise("ValueError");
        for (const size_t at : {8, 13, 18, 23})
            digits.insert(at, "-");
        return Value::scalar(Value::Kind::Uuid, digits);
    }
    if (name == "hashlib.sha256" && first && !first->box &&
        first->value.kind() == Value::Kind::Bytes && arguments.positional.size() == 1 &&
        arguments.keywords.empty() && node.parent().is("attribute") &&
        node.parent().field("attribute").text() == "hexdigest") {
        // Of `sha256(b).hexdigest()`, where nothing can update the digest in between.
        Box* digest = make(Box::Kind::Opaque, name);
        digest->content = sha256Of(first->value.text());
        Box* read = make(Box::Kind::Bound, "(file read)");
        read->self = Ref(digest);
        digest->attributes["hexdigest"] = read;
        return digest;
    }
    if (name == "collections.OrderedDict") {
        return callBuiltin("builtins.dict", arguments, node);
    }
    if (name == "collections.defaultdict") {
        Arguments rest;
        rest.positional.assign(arguments.positional.begin() +
                                   (arguments.positional.empty() ? 0 : 1),
                               arguments.positional.end());
        rest.keywords = arguments.keywords;
        Ref dict = callBuiltin("builtins.dict", rest, node);
        if (failed() || isOpaque(dict) || !first || first->isNone()) return dict;
        dict.box->name = "defaultdict";
        dict.box->self = *first;
        return dict;
    }
    if (name == "collections.deque") {
        std::vector<Ref> items;
        const Ref* longest = arguments.get(1, "maxlen");
        const bool bounded = longest && !longest->isNone();
        int64_t most = 0;
        if (bounded && (!longest->isInt() || !longest->value.toInt64(most) || most < 0)) return opaque(node);
        if (first && !iterate(*first, items)) return opaque(node);
        Ref made = makeList(std::move(items));
        if (bounded && made.box) {
            made.box->longest = most;
            made.box->dropFirst();
        }
        return made;
    }
    if (name == "types.SimpleNamespace") {
        Box* instance = make(Box::Kind::Instance, "SimpleNamespace");
        for (const auto& [key, value] : arguments.keywords)
            setAttribute(instance, key, value);
        return instance;
    }
    if (name == "dataclasses.asdict" && first && first->box &&
        first->box->kind == Box::Kind::Instance) {
        Box* dict = make(Box::Kind::Dict);
        std::map<const Box*, Box*> seen;
        for (const Box::Entry& entry : first->box->entries) {
            Ref value = copyOf(first->box->attributes[entry.key.value.text()], true, seen);
            if (value.box && value.box->kind == Box::Kind::Instance) return opaque(node);
            dict->assign(entry.key, value);
        }
        return dict;
    }
    if (name == "asyncio.run" && first && first->box && first->box->kind == Box::Kind::Coroutine)
        return runCoroutine(*first->box, node);
    if (name == "textwrap.dedent" && first && first->isStr())
        return Value::string(dedented(first->value.text()));
    if (name == "typing.NewType" && arguments.positional.size() == 2)
        return arguments.positional[1];
    if (name == "typing.cast" && arguments.positional.size() == 2) return arguments.positional[1];
    if (name == "os.path.join") {
        std::string path;
        for (const Ref& part : arguments.positional) {
            const auto text = strOf(part);
            if (!text) return opaque(node);
            path = joinPath(path, *text);
        }
        return Value::string(path);
    }
    if (first &&
        (name == "os.path.dirname" || name == "os.path.basename" || name == "os.path.abspath" ||
         name == "os.path.realpath" || name == "os.path.normpath" || name == "os.path.exists" ||
         name == "os.path.isfile")) {
        if (name == "os.path.exists" || name == "os.path.isfile")
            return callFile("exists", arguments, node);
        const auto text = strOf(*first);
        if (!text) return opaque(node);
        const size_t cut = text->rfind('/');
        if (name == "os.path.dirname")
            return Value::string(cut == std::string::npos ? "" : text->substr(0, cut));
        if (name == "os.path.basename")
            return Value::string(cut == std::string::npos ? *text : text->substr(cut + 1));
        return *first; // relative to the project stays relative
    }
    if ((name == "pathlib.Path" || name == "pathlib.PurePath") && first) {
        const auto text = strOf(*first);
        return text ? Ref(make(Box::Kind::Path, *text)) : opaque(node);
    }
    if (name == "builtins.dict.fromkeys") {
        std::vector<Ref> keys;
        if (!first || !iterate(*first, keys)) return opaque(node);
        Box* dict = make(Box::Kind::Dict);
        for (const Ref& key : keys)
            dict->assign(key, arguments.positional.size() > 1 ? arguments.positional[1] : Ref());
        return dict;
    }
    Ref made = callUnknown(external(name), arguments, node);
    made.box->isUnique = name == "uuid.uuid4" || name == "uuid.uuid1";
    return made;
}

} // namespace covet::syntax::eval
