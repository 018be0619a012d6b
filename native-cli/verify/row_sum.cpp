#include "verify/row_sum.h"

#include <openssl/evp.h>

#include <charconv>

namespace covet::verify {

struct RowSum::Hash {
    Hash() { EVP_DigestInit_ex(context, EVP_sha256(), nullptr); }
    ~Hash() { EVP_MD_CTX_free(context); }
    Hash(const Hash&) = delete;
    Hash& operator=(const Hash&) = delete;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
};

RowSum::RowSum() : hash_(std::make_unique<Hash>()) {}
RowSum::~RowSum() = default;
RowSum::RowSum(RowSum&&) noexcept = default;
RowSum& RowSum::operator=(RowSum&&) noexcept = default;

void RowSum::add(const database::Cell& cell) {
    // With its length in front no text can pass for two.
    std::array<char, 64> head{};
    char* end = std::to_chars(head.data(), head.data() + 8, static_cast<unsigned>(cell.kind)).ptr;
    *end++ = ':';
    const bool isTruth = cell.kind == Value::Kind::Bool; // which has no text of its own
    if (isTruth) *end++ = cell.text[0];
    end = std::to_chars(end, end + 20, isTruth ? uint64_t{0} : uint64_t{cell.text.size()}).ptr;
    *end++ = ':';
    line_.append(head.data(), end);
    if (!isTruth) line_ += cell.text;
}

void RowSum::endRow() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestInit_ex(hash_->context, nullptr, nullptr);
    EVP_DigestUpdate(hash_->context, line_.data(), line_.size());
    EVP_DigestFinal_ex(hash_->context, digest.data(), nullptr);
    uint64_t carry = 0;
    for (size_t word = 0; word < total_.size(); ++word) {
        uint64_t term = 0;
        for (size_t i = 0; i < 8; ++i)
            term = term << 8 | digest[24 - 8 * word + i];
        const uint64_t sum = total_[word] + term;
        const uint64_t carried = sum + carry;
        carry = static_cast<uint64_t>(sum < term) + static_cast<uint64_t>(carried < sum);
        total_[word] = carried;
    }
    line_.clear();
    ++rows_;
}

void RowSum::add(const std::vector<database::Cell>& row) {
    for (const database::Cell& cell : row)
        add(cell);
    endRow();
}

std::string RowSum::hex() const {
    static const char* const kDigits = "0123456789abcdef";
    std::string text;
    for (size_t word = total_.size(); word-- > 0;)
        for (int shift = 60; shift >= 0; shift -= 4)
            text += kDigits[total_[word] >> shift & 15];
    return text;
}

} // namespace covet::verify
