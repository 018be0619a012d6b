// before   async def report(request): time.sleep(2)
// after    the same code, with a finding: every other request waits for these two seconds
//
// Nothing is rewritten: an async counterpart may exist under another name and with other errors, so
// the choice is the reader's; the hint names it.

#include "rules/blocking_calls.h"

#include <array>

#include "support/strings.h"

namespace covet::rules {
namespace {

struct Blocking {
    std::string_view prefix; // dotted name, or the start of one when it ends in '.'
    std::string_view hint;
};

constexpr std::array kBlocking = {
    Blocking{"time.sleep", "await asyncio.sleep(...)"},
    Blocking{"requests.", "an async client such as httpx.AsyncClient, or await asyncio.to_thread(...)"},
    Blocking{"httpx.get", "httpx.AsyncClient"},
    Blocking{"httpx.post", "httpx.AsyncClient"},
    Blocking{"urllib.request.urlopen", "an async client, or await asyncio.to_thread(...)"},
    Blocking{"subprocess.run", "await asyncio.create_subprocess_exec(...)"},
    Blocking{"subprocess.call", "await asyncio.create_subprocess_exec(...)"},
    Blocking{"subprocess.check_", "await asyncio.create_subprocess_exec(...)"},
    Blocking{"os.system", "await asyncio.create_subprocess_shell(...)"},
    Blocking{"smtplib.SMTP", "await asyncio.to_thread(...)"},
    Blocking{"psycopg2.connect", "an async driver"},
    Blocking{"pymysql.connect", "an async driver"},
    Blocking{"sqlite3.connect", "an async driver"},
    Blocking{"redis.Redis", "redis.asyncio.Redis"},
};

const Blocking* blockingCall(const std::string& name) {
    for (const Blocking& entry : kBlocking)
        if (startsWith(name, entry.prefix)) return &entry;
    return nullptr;
}

} // namespace

bool isBlockingCall(const std::string& name) { return blockingCall(name) != nullptr; }

void reportBlockingCalls(MigrationContext& context) {
    for (const auto& module : context.project().modules())
        for (const semantic::Function& function : module->functions) {
            if (!context.signatures(*module).isAsync(function)) continue;
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                if (node.is("function_definition") || node.is("lambda")) return false;
                if (!node.is("call")) return true;
                const semantic::Symbol& symbol = context.project().resolve(*module, node.field("function"));
                if (symbol.kind != semantic::Symbol::Kind::External) return true;
                const Blocking* entry = blockingCall(symbol.name);
                if (!entry) return true;
                Finding& finding = context.report(*module, node, "COV107", symbol.name);
                finding.safetyReason = "blocks-event-loop";
                finding.hint = "use " + std::string(entry->hint);
                return true;
            });
        }
}

} // namespace covet::rules
