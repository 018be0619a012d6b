#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "backend.h"

namespace covet::test {
namespace {

/// Stands between client and server for one connection, and greets with another process's number,
/// as poolers do.
class Pooler {
public:
    explicit Pooler(unsigned serverPort) {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
        EXPECT_EQ(listen(listener_, 4), 0);
        EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
        port = ntohs(address.sin_port);
        worker_ = std::thread([this, serverPort] { serve(serverPort); });
    }
    ~Pooler() {
        shutdown(listener_, SHUT_RDWR);
        worker_.join();
        close(listener_);
    }

    unsigned port = 0;

private:
    static sockaddr_in loopback(unsigned number) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<uint16_t>(number));
        return address;
    }

    void serve(unsigned serverPort) {
        for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0;) {
            const int server = socket(AF_INET, SOCK_STREAM, 0);
            sockaddr_in address = loopback(serverPort);
            if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
            std::thread back([&] { pipe(server, client, true); });
            pipe(client, server, false);
            back.join();
            close(server);
            close(client);
        }
    }

    /// Copies until one side ends; changes the greeting's BackendKeyData ('K', 12 bytes).
    static void pipe(int from, int to, bool changes) {
        char buffer[16384];
        for (ssize_t size = 0; (size = read(from, buffer, sizeof buffer)) > 0;) {
            const std::string greeting("K\0\0\0\x0C", 5);
            const size_t at = std::string_view(buffer, static_cast<size_t>(size)).find(greeting);
            if (changes && at != std::string_view::npos) {
                buffer[at + 8] ^= 1;
                changes = false;
            }
            if (write(to, buffer, static_cast<size_t>(size)) != size) break;
        }
        shutdown(to, SHUT_WR);
    }

    int listener_ = -1;
    std::thread worker_;
};

class BehindPooler : public BackendTest {};

TEST_P(BehindPooler, IsNamedBeforeAnythingIsTouched) {
    const Pooler pooler(url_.port);
    load::Request made = request(shop());
    made.url.port = pooler.port;
    made.url.options.emplace_back("sslmode", "disable");
    const auto refused = load::migrate(made);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, database::code::kPreflight) << refused.error().message;
    EXPECT_NE(refused.error().message.find("pooler"), std::string::npos);
    EXPECT_TRUE(tables().empty());
    made.url.options.emplace_back("pooler", "session");
    const auto allowed = load::migrate(made);
    ASSERT_TRUE(allowed.ok()) << allowed.error().message;
    EXPECT_TRUE(compare(shop()).ok());
}

INSTANTIATE_TEST_SUITE_P(Databases, BehindPooler, ::testing::Values(schema::Dialect::Postgres),
                         backendName);

} // namespace
} // namespace covet::test
