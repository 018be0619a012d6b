#pragma once

#include <libpq-fe.h>

#include <memory>

#include "database/connection.h"

namespace covet::database {

struct ResultDeleter {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

inline constexpr uint64_t kCopyRows = 1000; // fewer are there as fast without asking for their types

/// The only row of a result.
void readRow(const PGresult* result, Row& row);

} // namespace covet::database
