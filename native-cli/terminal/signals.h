#pragma once

#include <functional>

namespace covet::cli {

/// Ctrl-C, SIGTERM and SIGHUP.
///
/// While nothing has been changed, a signal ends the process at once with 128 + signal. Inside an
/// EffectScope it only sets a flag; the work polls interrupted(), undoes what it did and leaves.
namespace signals {

/// Starts the thread that waits for signals. Call once, before any other thread exists.
void install();
/// The signal that asked to stop, 0 if none.
int pending();
inline bool interrupted() { return pending() != 0; }

} // namespace signals

/// Work to be cut short when a signal comes, such as a statement that a server executes.
class CancelHook {
public:
    explicit CancelHook(std::function<void()> cancel);
    ~CancelHook();
    CancelHook(const CancelHook&) = delete;
    CancelHook& operator=(const CancelHook&) = delete;
};

/// The stretch in which files or databases are being changed.
class EffectScope {
public:
    EffectScope();
    ~EffectScope();
    EffectScope(const EffectScope&) = delete;
    EffectScope& operator=(const EffectScope&) = delete;
};

} // namespace covet::cli
