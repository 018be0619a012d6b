#include "load/read_ahead.h"

#include <csignal>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "schema/row_writer.h"

namespace covet::load {
namespace {

constexpr size_t kBatchRows = 512;
constexpr size_t kBatches = 4;

/// Rows that keep their memory from one filling to the next.
struct Batch {
    std::vector<schema::RowValues> rows = std::vector<schema::RowValues>(kBatchRows);
    size_t count = 0;
};

/// A ring of batches between the thread that makes rows and the one that asks for them.
class AheadReader : public schema::RowReader {
public:
    AheadReader(const schema::TableRows& rows, std::shared_ptr<verify::RowDigest> digest)
        : reader_(rows.read()), refilling_(dynamic_cast<schema::RefillingReader*>(reader_.get())),
          digest_(std::move(digest)) {
        // Signals are the main thread's: they have to interrupt what it waits for.
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        thread_ = std::thread([this] { produce(); });
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    ~AheadReader() override {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            stopped_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    const schema::RowValues* next() override {
        if (at_ == held_) {
            std::unique_lock<std::mutex> lock(mutex_);
            if (held_ > 0) ++taken_; // the batch that has been read to its end
            at_ = held_ = 0;
            changed_.notify_all();
            changed_.wait(lock, [this] { return made_ > taken_ || ended_; });
            if (made_ == taken_) return nullptr;
            held_ = batches_[taken_ % kBatches].count;
        }
        return &batches_[taken_ % kBatches].rows[at_++];
    }

private:
    bool read(schema::RowValues& row) {
        if (refilling_) return refilling_->read(row);
        const schema::RowValues* made = reader_->next();
        if (made) row = *made;
        return made != nullptr;
    }

    void produce() {
        for (bool more = true; more;) {
            Batch* batch = nullptr;
            {
                std::unique_lock<std::mutex> lock(mutex_);
                changed_.wait(lock, [this] { return made_ - taken_ < kBatches || stopped_; });
                if (stopped_) return;
                batch = &batches_[made_ % kBatches];
            }
            batch->count = 0;
            while (batch->count < kBatchRows && more) {
                schema::RowValues& row = batch->rows[batch->count];
                more = read(row);
                if (!more) break;
                if (digest_) digest_->add(row);
                ++batch->count;
            }
            if (!more && digest_) digest_->finish();
            {
                const std::lock_guard<std::mutex> lock(mutex_);
                if (batch->count > 0) ++made_;
                ended_ = !more;
            }
            changed_.notify_all();
        }
    }

    std::unique_ptr<schema::RowReader> reader_;
    schema::RefillingReader* refilling_; // the same, where it is one
    std::shared_ptr<verify::RowDigest> digest_;
    std::array<Batch, kBatches> batches_;
    std::mutex mutex_;
    std::condition_variable changed_;
    size_t made_ = 0, taken_ = 0; // batches so far
    bool ended_ = false, stopped_ = false;
    size_t at_ = 0, held_ = 0; // in the batch that is read
    std::thread thread_;
};

} // namespace

std::unique_ptr<schema::RowReader> readAhead(const schema::TableRows& rows,
                                             std::shared_ptr<verify::RowDigest> digest) {
    if (!rows.source) return rows.read();
    return std::make_unique<AheadReader>(rows, std::move(digest));
}

} // namespace covet::load
