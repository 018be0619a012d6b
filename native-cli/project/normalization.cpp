#include "project/normalization.h"

#include "schema/normalized.h"

namespace covet::cli {

void normalize(Analysis& analysis) {
    schema::Normalized normal = schema::normalized(analysis.schema, analysis.stores, schema::Options());
    analysis.schema = std::move(normal.schema);
    analysis.rows = std::move(normal.rows);
}

} // namespace covet::cli
