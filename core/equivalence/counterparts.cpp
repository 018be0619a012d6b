#include "equivalence/counterparts.h"

#include "equivalence/text_pieces.h"

namespace covet::equivalence {

bool Counterparts::note(std::string_view ours, std::string_view theirs) {
    const auto [entry, isNew] = theirs_.emplace(std::string(ours), std::string(theirs));
    return isNew || entry->second == theirs;
}

Request Counterparts::translated(Request request) const {
    if (theirs_.empty()) return request;
    request.path = translated(request.path);
    if (request.body) request.body = translated(*request.body);
    for (auto& [name, value] : request.headers) value = translated(value);
    return request;
}

std::string Counterparts::translated(const std::string& text) const {
    std::string result;
    for (const TextPiece& piece : piecesOf(text)) {
        const auto entry = piece.kind == TextPiece::Kind::Word ? theirs_.find(piece.text) : theirs_.end();
        result += entry == theirs_.end() ? piece.text : std::string_view(entry->second);
    }
    return result;
}

} // namespace covet::equivalence
