#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "syntax/evaluator/objects.h"
#include "syntax/literal_evaluator.h"

namespace covet::syntax::eval {

/// A module of the project and what its import bound.
struct ModuleRecord {
    const SourceModule* source = nullptr;
    Frame* frame = nullptr;
    Box* box = nullptr;
    bool running = false;
};

/// Evaluated arguments of a call.
struct Arguments {
    std::vector<Ref> positional;
    std::vector<std::pair<std::string, Ref>> keywords;
    bool unknown = false; // an opaque * or ** was among them

    const Ref* keyword(std::string_view name) const;
    /// By position or name; nullptr if absent.
    const Ref* get(size_t position, std::string_view name) const;
};

enum class Flow { Normal, Break, Continue, Return, Raise, Stuck };

/// Interprets the part of Python that builds data, without effects outside itself. Whatever it
/// cannot follow becomes opaque, together with all that it might have changed ("distrust").
class Interpreter {
public:
    Interpreter(EvaluationHost& host, const EvaluationLimits& limits);

    /// Imports a module once; later calls give the same record.
    ModuleRecord* load(const SourceModule& source);
    /// Calls a function of a module without arguments, to the end even where it is async.
    void runFunction(ModuleRecord& module, const Node& function);
    /// Runs some statements of a function whose parameters are applications.
    void runStatements(ModuleRecord& module, const Node& function, const std::vector<Node>& statements);
    Ref evaluate(const Node& node, Frame& frame);
    void resetFlow();
    /// While set, nothing that exists is changed: calls of project functions and of methods that
    /// change their object are opaque.
    bool readOnly = false;
    bool exhausted() const { return steps_ > limits_.steps; }
    Ref attribute(const Ref& object, const std::string& name, const Node& node);
    const std::map<std::string, ModuleRecord*>& modules() const { return modules_; }
    const std::deque<Box>& boxes() const { return boxes_; }
    const std::deque<Frame>& frames() const { return frames_; }

    // Objects
    Box* make(Box::Kind kind, std::string name = "");
    Frame* makeFrame(Frame* parent, ModuleRecord* module);
    Ref opaque(const Node& node);
    /// The same for something that is an element of `whole`, or of an element: whoever changes it changes that.
    Ref opaquePart(const Ref& whole, const Node& node);
    /// A part of something unique that is always the same: `str(id)`, `id[:8]`; `name` tells it from others.
    Ref uniquePart(const Ref& whole, const std::string& name, const Node& node);
    Ref opaqueText(std::string source);
    Ref makeList(std::vector<Ref> items, Box::Kind kind = Box::Kind::List);
    /// Items that can be looked through, of what is neither list nor tuple.
    Ref makeView(std::vector<Ref> items, const char* what = "view of a dict");
    Ref external(std::string dotted);
    Ref fromValue(const Value& value);
    /// Elements in order; false if they cannot be known. `anyOrder` admits sets.
    bool iterate(const Ref& ref, std::vector<Ref>& out, bool anyOrder = false);
    Ref raise(std::string type, std::string message = "");
    bool failed() const { return flow_ != Flow::Normal; }

private:
    // Expressions
    Ref evaluateDisplay(const Node& node, Frame& frame);
    Ref evaluateDict(const Node& node, Frame& frame);
    Ref evaluateName(std::string_view name, Frame& frame, const Node& node);
    Ref evaluateString(const Node& node, Frame& frame);
    Ref evaluateConcatenation(const Node& node, Frame& frame);
    Ref evaluateOperators(const Node& node, Frame& frame);
    Ref evaluateComparison(const Node& node, Frame& frame);
    Ref evaluateSubscript(const Node& node, Frame& frame);
    Ref evaluateComprehension(const Node& node, Frame& frame);
    Ref skimmable(const Node& comprehension, const std::vector<Node>& clauses, Frame& frame);
    bool runClauses(const std::vector<Node>& clauses, size_t at, Frame& frame,
                    const std::function<bool()>& body);
    Ref evaluateSlice(const Ref& object, const Node& slice, Frame& frame, const Node& node);
    Ref item(const Ref& object, const Ref& key, const Node& node);
    std::optional<bool> contains(const Ref& container, const Ref& needle);

    // Operators and formatting
    Ref binary(std::string_view op, const Ref& left, const Ref& right, const Node& node);
    Ref arithmetic(std::string_view op, const Value& left, const Value& right, const Node& node);
    Ref percentFormat(const std::string& format, const Ref& arguments, const Node& node);
    Ref strFormat(const std::string& format, const Arguments& arguments, const Node& node);
    std::optional<std::string> formatValue(const Ref& value, const std::string& spec);

    // Calls
    Ref evaluateCall(const Node& node, Frame& frame);
    bool evaluateArguments(const Node& list, Frame& frame, Arguments& out);
    Ref call(const Ref& callee, Arguments& arguments, const Node& node);
    Ref callFunction(Box& function, Arguments& arguments, const Ref* self, const Node& node);
    bool bindParameters(Box& function, Arguments& arguments, const Ref* self, Frame& frame);
    Ref runCoroutine(Box& coroutine, const Node& node);
    static bool generates(const Node& body);
    Ref makeGenerator(Box& function, Frame& frame);
    /// Runs a generator that has not begun; false if its elements cannot be known.
    bool start(Box& iterator);
    void yielded(Frame& frame, Ref value);
    Ref callUnknown(const Ref& callee, Arguments& arguments, const Node& node);
    Ref callExternal(const std::string& name, Arguments& arguments, const Node& node);
    Ref callBuiltin(const std::string& name, Arguments& arguments, const Node& node);
    Ref callConversion(const std::string& name, Arguments& arguments, const Node& node);
    Ref callLibrary(const std::string& name, Arguments& arguments, const Node& node);
    Ref callTemporal(const std::string& name, Arguments& arguments, const Node& node);
    Ref callTemporalMethod(const Value& self, const std::string& name, Arguments& arguments,
                           const Node& node);
    Ref callDecimal(Arguments& arguments, const Node& node);
    Ref callDecimalMethod(const Value& self, const std::string& name, Arguments& arguments,
                          const Node& node);
    Ref callBytes(const std::string& name, Arguments& arguments, const Node& node);
    Ref callBytesMethod(const Value& self, const std::string& name, Arguments& arguments,
                        const Node& node);
    Ref encodeText(const std::string& text, const Arguments& arguments, const Node& node);
    Ref callIterators(const std::string& name, Arguments& arguments, const Node& node);
    Ref callMath(const std::string& name, Arguments& arguments, const Node& node);
    Ref callNamedTuple(Arguments& arguments, const Node& node);
    Ref callCounter(Arguments& arguments, const Node& node);
    Ref mostCommon(const Box& counter, const Arguments& arguments, const Node& node);
    Ref nextOf(Box& iterator, const Node& node);
    Ref callHeld(const Box& held, Arguments& arguments, const Node& node);
    Ref callOperator(const std::string& name, Arguments& arguments, const Node& node);
    Ref callFile(const std::string& name, Arguments& arguments, const Node& node);
    Ref callMethod(Box& bound, Arguments& arguments, const Node& node);
    Ref callStrMethod(const Value& self, const std::string& name, Arguments& arguments,
                      const Node& node);
    Ref callListMethod(Box& self, const std::string& name, Arguments& arguments, const Node& node);
    Ref callDictMethod(Box& self, const std::string& name, Arguments& arguments, const Node& node);
    Ref callSetMethod(Box& self, const std::string& name, Arguments& arguments, const Node& node);
    Ref callPathMethod(Box& self, const std::string& name, Arguments& arguments, const Node& node);
    Ref typeOf(const Ref& ref, const Node& node);
    std::optional<bool> isInstance(const Ref& ref, const Ref& type);
    bool sortRefs(std::vector<Ref>& items, const Arguments& arguments, const Node& node);
    Ref copyOf(const Ref& ref, bool deep, std::map<const Box*, Box*>& seen);

    // Classes
    void defineClass(const Node& node, const std::vector<Node>& decorators, Frame& frame);
    Ref nextMember(const Box& type, const std::string& name, int64_t last);
    void readFields(const Node& body, Box& type, Frame& classFrame);
    Box* newObject(Box& type);
    Ref instantiate(Box& type, Arguments& arguments, const Node& node);
    bool fillFields(Box& instance, Arguments& arguments, const Node& node);
    Ref coerce(const std::string& annotation, Ref value, const Box& type, const Node& node);
    void fieldsOf(const Box& type, std::vector<ClassField>& out) const;
    const Ref* classAttribute(const Box& type, std::string_view name,
                              const Box** owner = nullptr) const;
    void setAttribute(const Ref& object, const std::string& name, Ref value);
    void readChecks(const Node& definition, Box& type, Frame& classFrame);
    void checksOf(const Box& type, std::vector<FieldCheck>& out) const;
    Ref checked(Box& type, const FieldCheck& check, const std::string& field, Ref value, const Node& node);
    Ref validated(Box& type, const std::string& field, const std::string& annotation, Ref value, const Node& node);
    void checkModel(const Ref& self, const Node& node);
    bool dump(const Ref& ref, Ref& out);
    std::optional<Ref> callRecordMethod(const Ref& self, const std::string& name, Arguments& arguments, const Node& node);

    // Statements
    void runToTheEnd(const Node& block, Frame& frame);
    void runToTheEnd(const std::vector<Node>& statements, Frame& frame);
    Flow runBlock(const Node& block, Frame& frame);
    Flow run(const Node& statement, Frame& frame);
    Flow runExpression(const Node& statement, Frame& frame);
    Flow runIf(const Node& statement, Frame& frame);
    Flow runFor(const Node& statement, Frame& frame);
    Flow runWhile(const Node& statement, Frame& frame);
    Flow runTry(const Node& statement, Frame& frame);
    Flow runWith(const Node& statement, Frame& frame);
    Flow runRaise(const Node& statement, Frame& frame);
    void runImport(const Node& statement, Frame& frame);
    void runImportFrom(const Node& statement, Frame& frame);
    void defineFunction(const Node& node, const std::vector<Node>& decorators, Frame& frame);
    Ref applyDecorators(Ref object, const std::vector<Node>& decorators, Frame& frame);
    Ref runAssignment(const Node& node, Frame& frame);
    Ref runPlainAssignment(const Node& node, Frame& frame);
    Ref bulkOf(const Node& right, const Node& assignment, Frame& frame);
    /// A list or dict whose elements are left where they are until code looks at them.
    Ref left(const Value& deferred);
    /// Makes the elements of an object that was left as it was; before any use of it.
    void touch(const Ref& ref);
    void runAugmented(const Node& node, Frame& frame);
    void runDelete(const Node& statement, Frame& frame);
    void assignTo(const Node& target, const Ref& value, Frame& frame);
    void bind(const std::string& name, Ref value, Frame& frame);
    void setItem(const Ref& object, const Ref& key, Ref value, const Node& node);
    Flow unknownBranch(const Node& statement, Frame& frame, const std::string& reason);
    bool matches(const Node& exceptClause, Frame& frame);
    std::string absoluteName(const Node& moduleName, const ModuleRecord& module) const;

    // Distrust
    void distrust(const Node& node, Frame& frame, const std::string& reason);
    void distrustPart(const Node& node, Frame& frame, const std::string& reason);
    void taint(const Ref& ref, const std::string& reason);
    Ref* lookUp(std::string_view name, Frame& frame);
    bool step(const Node& node);
    std::string where(const Node& node, const Frame& frame) const;

    EvaluationHost& host_;
    EvaluationLimits limits_;
    std::deque<Box> boxes_;
    std::deque<Frame> frames_;
    std::map<std::string, ModuleRecord*> modules_;
    std::deque<ModuleRecord> records_;
    std::set<const void*> distrusted_;
    std::set<const Box*> tainting_;
    size_t steps_ = 0;
    unsigned depth_ = 0;
    unsigned calls_ = 0;
    Flow flow_ = Flow::Normal;
    Ref returned_;
    std::string raisedType_;
    Ref raised_;
    std::string stuck_;
};

/// Value of a name of the standard library that stands for data (`string.digits`, `math.pi`).
std::optional<Value> libraryConstant(std::string_view dotted);
/// Public names of a standard module whose star import binds them; nullptr for other modules.
const std::vector<std::string>* namesOfLibrary(std::string_view module);

/// Whether a dotted name of a library is one that only reads its arguments.
bool isHarmless(std::string_view name);

} // namespace covet::syntax::eval
