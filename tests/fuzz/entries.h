// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace slotscope::fuzz {

/// A fuzz target: `run` processes one input. tst_corpus calls `run` with each file of corpus/<name>.
struct Entry
{
    const char *name;
    void (*run)(QByteArrayView input);
};

void reader(QByteArrayView input);
void commandLine(QByteArrayView input);
void redirect(QByteArrayView input);
void nodes(QByteArrayView input);
void info(QByteArrayView input);
void replies(QByteArrayView input);
void slotSet(QByteArrayView input);
void uri(QByteArrayView input);
void formats(QByteArrayView input);
void protobuf(QByteArrayView input);
void rdb(QByteArrayView input);
void report(QByteArrayView input);

inline constexpr Entry entries[] = {
    {"reader", reader},   {"commandline", commandLine}, {"redirect", redirect}, {"nodes", nodes},     {"info", info},
    {"replies", replies}, {"slotset", slotSet},         {"uri", uri},           {"formats", formats}, {"rdb", rdb},
    {"report", report},   {"protobuf", protobuf},
};

} // namespace slotscope::fuzz
