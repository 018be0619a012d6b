#include "load/password_hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "support/strings.h"

namespace covet::load {
namespace {

constexpr uint64_t kCost = 32768, kBlock = 8, kLanes = 1;
constexpr uint64_t kMaxCost = uint64_t{1} << 20, kMaxBlock = 64, kMaxLanes = 64;
constexpr size_t kDigestBytes = 64, kSaltBytes = 8;

template <typename Bytes> std::string hexOf(const Bytes& bytes) {
    static const char* const kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

/// In hexadecimal; "" when it cannot be made.
std::string digestOf(std::string_view password, std::string_view salt, uint64_t cost, uint64_t block, uint64_t lanes) {
    std::array<unsigned char, kDigestBytes> digest{};
    const bool made = EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                     salt.size(), cost, block, lanes, 132 * cost * block * lanes, digest.data(), digest.size()) == 1;
    return made ? hexOf(digest) : "";
}

bool numberOf(const std::string& text, uint64_t maximum, uint64_t& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() && number > 0 && number <= maximum;
}

class HashingReader : public schema::RowReader {
public:
    HashingReader(std::vector<size_t> columns, std::unique_ptr<schema::RowReader> rows)
        : columns_(std::move(columns)), rows_(std::move(rows)) {}

    const schema::RowValues* next() override {
        const schema::RowValues* row = rows_->next();
        if (!row) return nullptr;
        hashed_ = *row;
        for (const size_t i : columns_)
            if (hashed_[i].kind() == Value::Kind::Str) {
                // Without a hash the row gets what is nobody's password, and the verification tells.
                const Result<std::string> hash = hashPassword(hashed_[i].text());
                hashed_[i] = Value::string(hash ? *hash : "!");
            }
        return &hashed_;
    }

private:
    const std::vector<size_t> columns_;
    std::unique_ptr<schema::RowReader> rows_;
    schema::RowValues hashed_;
};

} // namespace

Result<std::string> hashPassword(std::string_view password) {
    std::array<unsigned char, kSaltBytes> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        return Error{"password-hash", "the system gives no random numbers", "", 0, ""};
    const std::string salt = hexOf(random);
    const std::string digest = digestOf(password, salt, kCost, kBlock, kLanes);
    if (digest.empty()) return Error{"password-hash", "a password cannot be hashed", "", 0, "it takes 32 MiB of memory"};
    return "scrypt:" + std::to_string(kCost) + ":" + std::to_string(kBlock) + ":" + std::to_string(kLanes) + "$" + salt + "$" + digest;
}

bool isPasswordOf(std::string_view hash, std::string_view password) {
    const std::vector<std::string> parts = split(std::string(hash), '$');
    if (parts.size() != 3) return false;
    const std::vector<std::string> method = split(parts[0], ':');
    uint64_t cost = 0, block = 0, lanes = 0;
    if (method.size() != 4 || method[0] != "scrypt" || !numberOf(method[1], kMaxCost, cost) ||
        !numberOf(method[2], kMaxBlock, block) || !numberOf(method[3], kMaxLanes, lanes))
        return false;
    const std::string digest = digestOf(password, parts[1], cost, block, lanes);
    return !digest.empty() && digest.size() == parts[2].size() && CRYPTO_memcmp(digest.data(), parts[2].data(), digest.size()) == 0;
}

bool hashesPasswords(const schema::Table& table) {
    return std::any_of(table.columns.begin(), table.columns.end(),
                       [](const schema::Column& column) { return column.isPassword; });
}

std::unique_ptr<schema::RowReader> hashingPasswords(const schema::Table& table, std::unique_ptr<schema::RowReader> rows) {
    std::vector<size_t> columns;
    for (size_t i = 0; i < table.columns.size(); ++i)
        if (table.columns[i].isPassword) columns.push_back(i);
    if (columns.empty()) return rows;
    return std::make_unique<HashingReader>(std::move(columns), std::move(rows));
}

} // namespace covet::load
