// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/local/sampledata.h"

#include "core/cluster/slot.h"
#include "core/local/clusterforming.h"
#include "core/net/nodelink.h"

#include <QRandomGenerator>

#include <array>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr size_t batchSize = 500;
constexpr qint64 bigValueBytes = 5 * 1024 * 1024;
// fixed start time of the sample orders, so that each run writes the same
constexpr qint64 firstOrderMs = 1'760'000'000'000;

/// Generates the commands that write a sample shop. The seed is fixed, so the data is always the same.
class Shop
{
public:
    explicit Shop(int thousands) : m_thousands(thousands) { }

    template <typename Emit>
    void write(Emit emit)
    {
        users(emit);
        catalogue(emit);
        counters(emit);
        oddNames(emit);
        blobs(emit);
    }

private:
    [[nodiscard]] int random(int below) { return int(m_random.bounded(below)); }
    [[nodiscard]] QByteArray pick(std::initializer_list<const char *> words)
    {
        return words.begin()[random(int(words.size()))];
    }
    [[nodiscard]] static QByteArray number(qint64 n) { return QByteArray::number(n); }

    template <typename Emit>
    void users(Emit emit)
    {
        for (int id = 1; id <= m_thousands * 400; ++id) {
            const QByteArray n = number(id),
                             name = pick(
                                 {"Ada", "Bo", "Chen", "Dara", "Eun-ji", "Farid", "Grace", "Hana", "Ivo", "Jürgen"});
            emit({"HSET"_ba, "user:"_ba + n, "name"_ba, name, "email"_ba, name.toLower() + n + "@example.com",
                  "country"_ba, pick({"DE", "KR", "US", "FR", "BR", "IN"}), "created"_ba,
                  number(1'600'000'000 + id * 977), "points"_ba, number(random(100000))});
            if (id % 2 == 0)
                emit({"SETEX"_ba, "session:"_ba + number(0x9e3779b9LL * id % 0xffffffffLL), number(600 + random(86400)),
                      R"({"user":)"_ba + n + R"(,"csrf":")" + number(random(1 << 30)) + R"(","roles":["customer"]})"});
            if (id % 4 == 0) // the hash tag keeps a user's cart and its lock in the same slot
                emit({"HSET"_ba, "{user:"_ba + n + "}:cart", "sku:"_ba + number(random(2000)), number(1 + random(4)),
                      "sku:"_ba + number(random(2000)), "1"_ba});
            if (id % 40 == 0)
                emit({"SET"_ba, "{user:"_ba + n + "}:lock", "worker-"_ba + number(random(16)), "PX"_ba,
                      number(3'600'000 + random(1000))});
            if (id % 5 == 0)
                emit({"SADD"_ba, "user:"_ba + n + ":favourites", number(random(2000)), number(random(2000)),
                      number(random(2000))});
        }
    }

    template <typename Emit>
    void catalogue(Emit emit)
    {
        for (int id = 1; id <= m_thousands * 150; ++id) {
            const QByteArray n = number(id), kind = pick({"book", "lamp", "chair", "phone", "shoe", "tea"});
            emit({"SET"_ba, "product:"_ba + n,
                  R"({"sku":)"_ba + n + R"(,"kind":")" + kind + R"(","price":)" + number(100 + random(90000))
                      + R"(,"stock":)" + number(random(500))
                      + R"(,"tags":["new","sale"],"dimensions":{"w":12,"h":7,"d":3}})"});
            emit({"ZADD"_ba, "catalogue:"_ba + kind, number(100 + random(90000)), n});
            emit({"GEOADD"_ba, "stores:geo"_ba, number(6 + random(8)) + "." + number(random(9999)),
                  number(47 + random(7)) + "." + number(random(9999)), "store-"_ba + number(id % 120)});
        }
        for (int id = 1; id <= m_thousands * 60; ++id) {
            const QByteArray day = number(20 + id % 10);
            emit({"XADD"_ba, "orders:2026-09-"_ba + day, number(firstOrderMs + id * 1000LL) + "-" + number(id % 3),
                  "order"_ba, number(70000 + id), "user"_ba, number(1 + random(m_thousands * 400)), "total"_ba,
                  number(random(200000)), "state"_ba, pick({"new", "paid", "sent", "returned"})});
        }
        for (int day = 20; day < 30; ++day)
            emit({"XGROUP"_ba, "CREATE"_ba, "orders:2026-09-"_ba + number(day), "billing"_ba, "0"_ba, "MKSTREAM"_ba});
    }

    template <typename Emit>
    void counters(Emit emit)
    {
        for (int id = 0; id < m_thousands * 120; ++id)
            emit({"SET"_ba, "ratelimit:api:10.0."_ba + number(id / 250) + "." + number(id % 250), number(random(600)),
                  "EX"_ba, number(3600 + random(60))});
        for (int id = 0; id < m_thousands * 200; ++id)
            emit({"ZADD"_ba, "leaderboard:"_ba + pick({"daily", "weekly", "all-time"}), number(random(1'000'000)),
                  "user:"_ba + number(1 + random(m_thousands * 400))});
        for (int id = 0; id < 2000; ++id) {
            emit({"PFADD"_ba, "visitors:2026-09-"_ba + number(20 + id % 10), number(random(1 << 30))});
            emit({"SETBIT"_ba, "active:2026-09-"_ba + number(20 + id % 10), number(random(40000)), "1"_ba});
            if (id < 400)
                emit({"RPUSH"_ba, "queue:"_ba + pick({"mail", "invoice", "thumbnail"}),
                      R"({"job":)"_ba + number(id) + R"(,"attempt":1})"});
        }
        emit({"INCRBY"_ba, "counter:orders"_ba,
              "9007199254740993"_ba}); // 2^53 + 1, which cannot be read exactly as a double
        emit({"SET"_ba, "config:feature-flags"_ba, R"({"newCheckout":true,"darkMode":true,"beta":["KR","DE"]})"_ba});
    }

    template <typename Emit>
    void oddNames(Emit emit)
    {
        emit({"SET"_ba, "   "_ba, "a name of three blanks"_ba});
        emit({"SET"_ba, ""_ba, "the empty name"_ba});
        emit({"SET"_ba, QByteArray("bin\0key\x01\xff\xfe", 10), QByteArray("\x00\x01\x02\xff", 4)});
        emit({"SET"_ba, "latin1:caf\xe9"_ba, "not UTF-8: caf\xe9"_ba});
        emit({"SET"_ba, "line\nbreak\tand tab"_ba, "one\ntwo"_ba});
        emit({"SET"_ba, "emoji:🛒:카트"_ba, "장바구니"_ba});
        emit({"SET"_ba, "very:"_ba + QByteArray("long:").repeated(60) + "name", "1"_ba});
        emit({"SET"_ba, "{}no-tag"_ba, "an empty tag hashes the whole name"_ba});
        emit({"HSET"_ba, "hash:binary-fields"_ba, QByteArray("\x00", 1), "nul"_ba, "\xff\xfe"_ba, "no UTF-8"_ba});
    }

    template <typename Emit>
    void blobs(Emit emit)
    {
        const QByteArray text = QByteArray(R"({"level":"info","message":"checkout finished","ms":)").repeated(40);
        for (int id = 0; id < 60; ++id) {
            emit({"SET"_ba, "log:gz:"_ba + number(id), gzip(text + number(id))});
            emit({"SET"_ba, "cache:msgpack:"_ba + number(id), msgpack(id)});
        }
        QByteArray image(bigValueBytes, Qt::Uninitialized);
        for (qint64 i = 0; i + 4 <= bigValueBytes; i += 4) {
            const quint32 word = m_random.generate();
            std::memcpy(image.data() + i, &word, 4);
        }
        emit({"SET"_ba, "media:hero-image"_ba, image});
    }

    /// Makes a gzip member from qCompress's deflate stream.
    [[nodiscard]] static QByteArray gzip(const QByteArray &bytes)
    {
        static const std::array<quint32, 256> table = [] {
            std::array<quint32, 256> made{};
            for (quint32 i = 0; i < 256; ++i) {
                quint32 value = i;
                for (int bit = 0; bit < 8; ++bit)
                    value = value & 1 ? 0xedb88320U ^ (value >> 1) : value >> 1;
                made[i] = value;
            }
            return made;
        }();
        quint32 crc = 0xffffffffU;
        for (const char c : bytes)
            crc = table[(crc ^ uchar(c)) & 0xff] ^ (crc >> 8);
        crc ^= 0xffffffffU;
        // 4 bytes length, 2 bytes zlib header, deflate stream, 4 bytes Adler-32
        const QByteArray zlib = qCompress(bytes);
        QByteArray out("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
        out += zlib.sliced(6, zlib.size() - 10);
        for (const quint32 word : {crc, quint32(bytes.size())})
            for (int shift = 0; shift < 32; shift += 8)
                out += char(word >> shift & 0xff);
        return out;
    }

    /// Returns {"id": n, "ok": true, "tags": ["a", "b"], "pi": 3.14…} in MessagePack.
    [[nodiscard]] static QByteArray msgpack(int id)
    {
        QByteArray out("\x84\xa2id\xcd", 5);
        out += char(id >> 8);
        out += char(id & 0xff);
        out += QByteArray("\xa2ok\xc3\xa4tags\x92\xa1"
                          "a\xa1"
                          "b\xa2pi\xcb\x40\x09\x21\xfb\x54\x44\x2d\x18",
                          26);
        return out;
    }

    int m_thousands;
    QRandomGenerator m_random{42};
};

} // namespace

QCoro::Task<Result<qint64>> writeSampleData(QList<Endpoint> primaries, Access access, int thousands,
                                            std::stop_token stop)
{
    std::vector<std::unique_ptr<NodeLink>> links;
    std::vector<std::vector<Command>> queues(size_t(primaries.size()));
    for (const Endpoint &primary : primaries) {
        ConnectionOptions options;
        options.endpoint = primary;
        options.credentials = access.credentials;
        options.tls = access.tls;
        links.push_back(std::make_unique<NodeLink>(options));
        links.back()->start();
        if (!co_await links.back()->settled())
            co_return failure(links.back()->error());
    }
    qint64 count = 0;
    Shop(thousands).write([&](Command command) {
        const int slot = slotOfKey(command.front() == "XGROUP" ? command[2] : command[1]);
        size_t owner = 0;
        while (slot > equalRange(int(owner), int(primaries.size())).second)
            ++owner;
        queues[owner].push_back(std::move(command));
        ++count;
    });
    for (size_t node = 0; node < links.size(); ++node) {
        for (size_t first = 0; first < queues[node].size(); first += batchSize) {
            if (stop.stop_requested())
                co_return failure(Error::Code::Cancelled);
            const auto end = queues[node].begin() + std::ptrdiff_t(std::min(queues[node].size(), first + batchSize));
            const std::vector<Command> batch(queues[node].begin() + std::ptrdiff_t(first), end);
            const auto replies = co_await links[node]->sendAll(batch);
            if (!replies)
                co_return failure(replies.error());
            for (size_t i = 0; i < batch.size(); ++i)
                if (auto error = errorOf((*replies)[i], primaries[qsizetype(node)].toString(), commandName(batch[i]));
                    error && error->serverPrefix != "BUSYGROUP")
                    co_return failure(std::move(*error));
        }
    }
    co_return count;
}

} // namespace slotscope
