#pragma once

#include <string>

#include "schema/model.h"

namespace covet::emit {

/// Text of an Alembic revision (Alembic 1.8 or later, SQLAlchemy 2.0.37 or later) that makes the same
/// tables on each database as `schema::ddl`, and drops them again. It is the first of its history; its
/// identifier is a checksum of what it makes.
std::string alembicRevision(const schema::Schema& schema);

} // namespace covet::emit
