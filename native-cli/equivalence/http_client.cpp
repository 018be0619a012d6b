#include "equivalence/http_client.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "equivalence/answer_reader.h"
#include "project/file_io.h"

namespace covet::cli {
namespace {

using equivalence::Answer;
using equivalence::Request;
using Clock = std::chrono::steady_clock;

constexpr int kSliceMilliseconds = 100;

sockaddr_in loopback(unsigned port) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

Descriptor openSocket() { return Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

std::string textOf(const Request& request) {
    std::string text = request.method + " " + request.path + " HTTP/1.1\r\n";
    text += "Host: localhost\r\nAccept: */*\r\nUser-Agent: covetpy-migrate\r\nConnection: close\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    if (request.body) text += "Content-Length: " + std::to_string(request.body->size()) + "\r\n";
    return text + "\r\n" + request.body.value_or("");
}

/// One exchange on a connection of its own.
class Exchange {
public:
    Exchange(const HttpTarget& target, const Request& request)
        : target_(target), out_(textOf(request)), reader_(request.method == "HEAD"),
          end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(target.seconds))) {}

    Answer run() {
        socket_ = openSocket();
        const sockaddr_in address = loopback(target_.port);
        if (!socket_) return failed("no-socket");
        const int one = 1;
        setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
            errno != EINPROGRESS)
            return failed("refused");
        return talk();
    }

private:
    Answer failed(const char* problem) {
        Answer answer = std::move(reader_.answer());
        answer.problem = problem;
        return answer;
    }

    Answer talk() {
        for (;;) {
            if (target_.stopped && target_.stopped()) return failed("interrupted");
            if (Clock::now() >= end_) return failed("timeout");
            const bool writes = sent_ < out_.size() && !isDeaf_;
            pollfd wait = {socket_.get(), static_cast<short>(POLLIN | (writes ? POLLOUT : 0)), 0};
            if (poll(&wait, 1, kSliceMilliseconds) <= 0) continue;
            if (!isConnected_ && (wait.revents & (POLLOUT | POLLERR | POLLHUP))) {
                int problem = 0;
                socklen_t size = sizeof problem;
                getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
                if (problem != 0) return failed("refused");
                isConnected_ = true;
            }
            if (writes && (wait.revents & POLLOUT)) write();
            if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) && read()) return std::move(reader_.answer());
        }
    }

    /// A server may answer and close before it has read everything: what it says counts.
    void write() {
        const ssize_t size = send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
        if (size > 0)
            sent_ += static_cast<size_t>(size);
        else if (size < 0 && errno != EAGAIN && errno != EINTR)
            isDeaf_ = true;
    }

    bool read() {
        char buffer[64 * 1024];
        const ssize_t size = recv(socket_.get(), buffer, sizeof buffer, 0);
        if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
        if (size > 0) return reader_.take({buffer, static_cast<size_t>(size)});
        reader_.close();
        return true;
    }

    const HttpTarget& target_;
    std::string out_;
    AnswerReader reader_;
    Clock::time_point end_;
    Descriptor socket_;
    size_t sent_ = 0;
    bool isConnected_ = false;
    bool isDeaf_ = false;
};

} // namespace

Answer sendRequest(const HttpTarget& target, const Request& request) { return Exchange(target, request).run(); }

bool isListening(unsigned port) {
    Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return probe && connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

unsigned freePort() {
    Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (!probe || bind(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return 0;
    return ntohs(address.sin_port);
}

} // namespace covet::cli
