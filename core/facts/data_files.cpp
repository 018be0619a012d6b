#include "facts/data_files.h"

#include <algorithm>
#include <map>
#include <optional>

#include "facts/constant_path.h"
#include "facts/copied_content.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using Kind = FileAccess::Kind;

/// What is asked of the file itself and changes nothing that matters here.
bool isIdle(std::string_view method) {
    return method == "seek" || method == "truncate" || method == "close" || method == "flush";
}

/// Options of the encoder that only say how the text looks.
bool isLayout(std::string_view option) {
    return option == "indent" || option == "ensure_ascii" || option == "separators" || option == "fp" || option == "allow_nan";
}

Node calleeObject(const Node& call) { return call.field("function").field("object"); }

std::string_view methodOf(const Node& call) {
    const Node callee = call.field("function");
    return callee.is("attribute") ? callee.field("attribute").text() : std::string_view();
}

/// The call that a node is an argument of; null for others. `await f.read()` counts as `f.read()`.
Node callAround(const Node& node) {
    const Node parent = node.parent();
    return parent.is("argument_list") ? parent.parent() : Node();
}

Node withAwait(const Node& node) { return node.parent().is("await") ? node.parent() : node; }

class Finder {
public:
    explicit Finder(const Project& project) : project_(project) {}

    std::vector<DataFile> find(bool inUse) {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("call")) lookAt(*module, node);
                return true;
            });
        }
        if (files_.empty()) return {};
        for (const auto& module : project_.modules())
            if (!semantic::isTestModule(*module)) lookAround(*module);
        std::vector<DataFile> found;
        for (auto& [path, file] : files_)
            if (file.format.empty() && endsWith(path, ".json")) file.format = "json"; // which the code makes of its text
        for (const std::string& path : order_)
            if (!inUse || (files_[path].isRead() && files_[path].isWritten())) found.push_back(std::move(files_[path]));
        return found;
    }

private:
    std::string nameOf(const Module& module, const Node& callee) const {
        const semantic::Symbol& symbol = project_.resolve(module, callee);
        return symbol.kind == semantic::Symbol::Kind::External ? symbol.name : std::string(callee.text());
    }

    DataFile& fileAt(const Module& module, const Node& path) {
        const std::optional<std::string> constant = constantPath(project_, module, path);
        const std::string name = constant.value_or("?" + module.path() + ":" + std::string(path.text()));
        const bool isNew = files_.count(name) == 0;
        DataFile& file = files_[name];
        file.paths.emplace_back(&module, path);
        if (!isNew) return file;
        order_.push_back(name);
        file.path = constant.value_or("");
        file.module = &module;
        file.where = path;
        if (file.path.empty()) file.refusal = "computed-path";
        return file;
    }

    static void refuse(DataFile& file, const std::string& reason, const Module& module, const Node& where) {
        if (!file.refusal.empty()) return;
        file.refusal = reason;
        file.module = &module;
        file.where = where;
    }

    void add(DataFile& file, Kind kind, const Module& module, const Node& node, const Node& value = {},
             std::vector<std::string> options = {}) {
        file.accesses.push_back({kind, &module, module.enclosingFunction(node), node, value, std::move(options)});
    }

    void lookAt(const Module& module, const Node& call) {
        const std::string name = nameOf(module, call.field("function"));
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (name == "open" || name == "io.open" || name == "codecs.open" || name == "aiofiles.open") {
            if (!arguments.empty()) open(module, call, arguments[0], arguments, 1);
            return;
        }
        if ((name == "shelve.open" || name == "sqlite3.connect" || name == "dbm.open") && !arguments.empty()) return library(module, call, name, arguments[0]);
        const std::string_view method = methodOf(call);
        if (method == "open" && isPath(module, calleeObject(call))) return open(module, call, calleeObject(call), arguments, 0);
        if (method == "read_text" && isPath(module, calleeObject(call)))
            return readText(fileAt(module, calleeObject(call)), module, call);
        if (method == "write_text" && isPath(module, calleeObject(call)) && !arguments.empty())
            return writeText(fileAt(module, calleeObject(call)), module, call, arguments[0]);
    }

    /// A file that a library keeps: what is done with it shows elsewhere.
    void library(const Module& module, const Node& call, const std::string& name, const Node& path) {
        if (constantText(path) == ":memory:") return;
        DataFile& file = fileAt(module, path);
        file.format = name.substr(0, name.find('.'));
        file.refusal = file.format == "sqlite3" ? "own-database" : "other-format";
        for (const Kind kind : {Kind::ReadText, Kind::WriteText}) add(file, kind, module, call);
    }

    /// Whether an object is a path: a string has no such methods.
    bool isPath(const Module& module, const Node& object) const { return constantPath(project_, module, object).has_value(); }

    void open(const Module& module, const Node& call, const Node& path, const std::vector<Node>& arguments, size_t modeAt) {
        std::string mode = arguments.size() > modeAt && arguments[modeAt].is("string") ? std::string(arguments[modeAt].text()) : "";
        for (const Node& argument : arguments)
            if (argument.is("keyword_argument") && argument.field("name").text() == "mode") mode = argument.field("value").text();
        DataFile& file = fileAt(module, path);
        if (mode.find('a') != std::string::npos) refuse(file, "appended", module, call);
        opened(file, module, call, mode.find('x') != std::string::npos);
        if (mode.find('b') != std::string::npos) refuse(file, "binary-file", module, call);
    }

    /// What becomes of the file object.
    void opened(DataFile& file, const Module& module, const Node& call, bool creates) {
        const Node parent = call.parent();
        if (parent.is("as_pattern")) {
            const Node item = parent.parent(), clause = item.parent(), with = clause.parent();
            const Node name = parent.field("alias").namedChild(0);
            if (!with.is("with_statement") || clause.namedChildren().size() != 1 || !name.is("identifier"))
                return refuse(file, "opened-otherwise", module, call);
            file.openings.push_back({&module, with, creates});
            return uses(file, module, with.field("body"), name);
        }
        if (parent.is("assignment") && parent.field("left").is("identifier") && module.enclosingFunction(call) &&
            parent.parent().is("expression_statement")) {
            file.openings.push_back({&module, parent.parent(), creates});
            return uses(file, module, module.enclosingFunction(call)->node.field("body"), parent.field("left"));
        }
        // `open(path).read()`, `json.load(open(path))`
        use(file, module, call);
    }

    void uses(DataFile& file, const Module& module, const Node& scope, const Node& name) {
        for (const Node& node : module.tree->identifiers(name.text())) {
            if (!scope.contains(node) || node == name) continue;
            if (node.parent().is("attribute") && node.parent().field("attribute") == node) continue;
            if (node.parent().is("assignment") && node.parent().field("left") == node) continue; // opened once more
            if (name.parent().is("assignment") && lastAssigned(module, scope, node) != name) continue; // another file by then
            use(file, module, node);
        }
    }

    /// The last place in front of a use where the name gets a value.
    static Node lastAssigned(const Module& module, const Node& scope, const Node& use) {
        Node last;
        for (const Node& node : module.tree->identifiers(use.text())) {
            const bool assigned = node.parent().is("assignment") && node.parent().field("left") == node;
            const bool bound = assigned || node.parent().is("as_pattern_target");
            if (bound && scope.contains(node) && node.start() < use.start() && (!last || node.start() > last.start())) last = node;
        }
        return last;
    }

    void use(DataFile& file, const Module& module, const Node& object) {
        if (const Node call = callAround(object)) {
            const std::string name = nameOf(module, call.field("function"));
            const std::vector<Node> arguments = call.field("arguments").namedChildren();
            if (name == "json.load" && arguments.size() == 1) {
                file.format = "json";
                return add(file, Kind::Read, module, call);
            }
            if (name == "json.dump" && arguments.size() >= 2 && arguments[1] == object) return write(file, module, call, call);
            if (!startsWith(name, "json.")) noteFormat(file, module, call, name);
            return refuse(file, startsWith(name, "json.") ? "own-decoder" : "other-format", module, call);
        }
        if (const Node loop = object.parent(); (loop.is("for_statement") || loop.is("for_in_clause")) && loop.field("right") == object && decodesLines(module, loop)) {
            file.format = "json";
            add(file, Kind::ReadText, module, object);
            return refuse(file, "read-by-lines", module, object);
        }
        const Node attribute = object.parent(), call = attribute.parent();
        if (!attribute.is("attribute") || !call.is("call") || !(call.field("function") == attribute))
            return refuse(file, "opened-otherwise", module, object);
        const std::string_view method = attribute.field("attribute").text();
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (method == "read" && arguments.empty()) return readText(file, module, call);
        if (method == "write" && arguments.size() == 1) return writeText(file, module, call, arguments[0]);
        if (isIdle(method) && withAwait(call).parent().is("expression_statement")) return add(file, Kind::Idle, module, withAwait(call));
        refuse(file, "opened-otherwise", module, call);
    }

    /// `for line in f: books.append(json.loads(line))`, `[json.loads(line) for line in f]`
    bool decodesLines(const Module& module, const Node& loop) const {
        bool found = false;
        syntax::walk(loop.is("for_in_clause") ? loop.parent().field("body") : loop.field("body"), [&](const Node& node) {
            found = found || (node.is("call") && nameOf(module, node.field("function")) == "json.loads" &&
                              node.field("arguments").text().find(loop.field("left").text()) != std::string_view::npos);
            return !found;
        });
        return found;
    }

    /// `pickle.load(f)`, `csv.writer(f)`: what the file is to the code, though it is not understood.
    void noteFormat(DataFile& file, const Module& module, const Node& call, const std::string& name) {
        const std::string what = toLower(name.substr(name.rfind('.') + 1));
        const bool gives = what.find("load") != std::string::npos || what.find("read") != std::string::npos;
        const bool takes = what.find("dump") != std::string::npos || what.find("write") != std::string::npos;
        if (!gives && !takes) return;
        if (file.format.empty()) file.format = name.substr(0, name.find('.'));
        add(file, gives ? Kind::ReadText : Kind::WriteText, module, call);
    }

    void readText(DataFile& file, const Module& module, const Node& call) {
        const Node text = withAwait(call);
        const Node around = callAround(text);
        const bool decodes = around && nameOf(module, around.field("function")) == "json.loads" &&
                             around.field("arguments").namedChildren().size() == 1;
        if (decodes) file.format = "json";
        add(file, decodes ? Kind::Read : Kind::ReadText, module, decodes ? around : text);
    }

    void writeText(DataFile& file, const Module& module, const Node& call, const Node& text) {
        if (!withAwait(call).parent().is("expression_statement")) return refuse(file, "opened-otherwise", module, call);
        if (text.is("call") && nameOf(module, text.field("function")) == "json.dumps") return write(file, module, withAwait(call), text);
        add(file, Kind::WriteText, module, withAwait(call), text);
    }

    /// `encoder` is the call that has the value and the options.
    void write(DataFile& file, const Module& module, const Node& call, const Node& encoder) {
        std::vector<std::string> options;
        const std::vector<Node> arguments = encoder.field("arguments").namedChildren();
        const size_t positional = encoder == call ? 2 : 1;
        for (size_t i = 0; i < arguments.size(); ++i) {
            if (arguments[i].is("keyword_argument")) {
                if (!isLayout(arguments[i].field("name").text())) options.emplace_back(arguments[i].text());
            } else if (i >= positional) {
                return refuse(file, "opened-otherwise", module, call);
            }
        }
        if (!call.parent().is("expression_statement") || arguments.empty()) return refuse(file, "opened-otherwise", module, call);
        file.format = "json";
        add(file, Kind::Write, module, call, arguments[0], std::move(options));
    }

    /// Questions about the file, and code that gets its path for something else.
    void lookAround(const Module& module) {
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (!node.is("call")) return true;
            const std::string name = nameOf(module, node.field("function"));
            const std::vector<Node> arguments = node.field("arguments").namedChildren();
            const std::string_view method = methodOf(node);
            if ((name == "os.path.exists" || name == "os.path.isfile") && arguments.size() == 1) {
                ask(module, node, arguments[0], Kind::IsThere);
            } else if ((method == "exists" || method == "is_file") && arguments.empty()) {
                ask(module, node, calleeObject(node), Kind::IsThere);
            } else if (name == "os.path.getsize" && arguments.size() == 1) {
                askSize(module, node, arguments[0]);
            } else if (name == "os.stat" && arguments.size() == 1 && node.parent().is("attribute")) {
                askSize(module, node.parent(), arguments[0]);
            } else if (method == "unlink" || name == "os.remove" || name == "os.unlink" || name == "os.rename" || name == "os.replace" ||
                       startsWith(name, "shutil.") || startsWith(name, "pandas.") || endsWith(name, "send_file") ||
                       endsWith(name, "FileResponse")) {
                if (DataFile* file = method == "unlink" ? known(module, calleeObject(node)) : nullptr)
                    refuse(*file, "used-otherwise", module, node);
                for (const Node& argument : arguments)
                    if (DataFile* file = argument.is("keyword_argument") ? nullptr : known(module, argument))
                        refuse(*file, "used-otherwise", module, node);
            }
            return true;
        });
    }

    DataFile* known(const Module& module, const Node& path) {
        const std::optional<std::string> name = constantPath(project_, module, path);
        const auto found = name ? files_.find(*name) : files_.end();
        return found == files_.end() || found->second.path.empty() ? nullptr : &found->second;
    }

    void ask(const Module& module, const Node& node, const Node& path, Kind kind) {
        DataFile* file = known(module, path);
        if (!file) return;
        file->paths.emplace_back(&module, path);
        add(*file, kind, module, node);
    }

    void askSize(const Module& module, const Node& size, const Node& path) {
        DataFile* file = known(module, path);
        if (!file) return;
        const Node comparison = size.parent();
        const std::string text(comparison.text().substr(std::min(comparison.text().size(), size.text().size())));
        const std::string rest(trim(text));
        if (comparison.is("comparison_operator") && rest == "== 0") add(*file, Kind::IsEmpty, module, comparison);
        else if (comparison.is("comparison_operator") && (rest == "> 0" || rest == "!= 0")) add(*file, Kind::IsFilled, module, comparison);
        else refuse(*file, "used-otherwise", module, size);
    }

    const Project& project_;
    std::map<std::string, DataFile> files_;
    std::vector<std::string> order_;
};

bool does(const DataFile& file, std::initializer_list<Kind> kinds) {
    return std::any_of(file.accesses.begin(), file.accesses.end(), [&](const FileAccess& access) {
        return access.function && std::find(kinds.begin(), kinds.end(), access.kind) != kinds.end();
    });
}

} // namespace

bool DataFile::isWritten() const { return does(*this, {Kind::Write, Kind::WriteText}); }
bool DataFile::isRead() const { return does(*this, {Kind::Read, Kind::ReadText}); }

std::vector<DataFile> dataFiles(const Project& project) { return Finder(project).find(true); }

std::vector<DataFile> openedFiles(const Project& project) { return Finder(project).find(false); }

} // namespace covet::facts
