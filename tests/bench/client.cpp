// SPDX-License-Identifier: GPL-3.0-or-later
// Our half of the comparison with bench_peer, same words, same figures:  bench_client PORT get KEYS COMMANDS BATCH |
// scan COUNT
#include "core/net/connection.h"

#include <QCoreApplication>

#include <cstdio>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

void end(const QString &error)
{
    if (!error.isEmpty())
        std::fprintf(stderr, "bench_client: %s\n", qPrintable(error));
    QCoreApplication::exit(error.isEmpty() ? 0 : 1);
}

void print(qint64 count, const QElapsedTimer &clock)
{
    std::printf("%.0f\n", double(count) * 1e9 / double(clock.nsecsElapsed()));
    end({});
}

QCoro::Task<> get(Connection &connection, qint64 keys, qint64 commands, qint64 batch)
{
    QElapsedTimer clock;
    clock.start();
    for (qint64 done = 0; done < commands; done += batch) {
        std::vector<Command> gets;
        gets.reserve(size_t(batch));
        for (qint64 i = 0; i < batch; ++i) {
            char key[32];
            const int length = std::snprintf(key, sizeof(key), "key:%08lld", (done + i) * 7919 % keys);
            gets.push_back(commandOf("GET"_ba, QByteArray(key, length)));
        }
        const Connection::Replies replies = co_await connection.sendAll(gets);
        if (!replies) {
            end(replies.error().detail);
            co_return;
        }
    }
    print(commands, clock);
}

QCoro::Task<> scan(Connection &connection, QByteArray count)
{
    QElapsedTimer clock;
    clock.start();
    QByteArray cursor = "0"_ba;
    qint64 seen = 0;
    do {
        const Connection::Reply reply = co_await connection.send(commandOf("SCAN"_ba, cursor, "COUNT"_ba, count));
        if (!reply || reply->items().size() != 2) {
            end(u"SCAN was not answered"_s);
            co_return;
        }
        cursor = reply->items()[0].bytes();
        seen += qint64(reply->items()[1].items().size());
    } while (cursor != "0");
    print(seen, clock);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() < 4)
        return 2;
    ConnectionOptions options;
    options.endpoint = {.host = u"127.0.0.1"_s, .port = words[1].toUShort(), .socketPath = {}};
    options.resp3 = false; // because the compared client uses RESP2 too
    Connection connection(options);
    QObject::connect(&connection, &Connection::closed, &app, [](const Error &error) { end(error.detail); });
    QObject::connect(&connection, &Connection::ready, &app, [&] {
        if (words[2] == u"get" && words.size() == 6)
            get(connection, words[3].toLongLong(), words[4].toLongLong(), words[5].toLongLong());
        else if (words[2] == u"scan")
            scan(connection, words[3].toLatin1());
        else
            end(u"unknown words"_s);
    });
    connection.open();
    return QCoreApplication::exec();
}
