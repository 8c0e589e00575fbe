// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/protocol/reader.h"

#include <QFile>
#include <QTest>

namespace slotscope::test {

inline const char *const servers[] = {"redis-7.0", "redis-8.0", "valkey-8.1", "valkey-9.1"};

/// Returns the content of a file in tests/data, such as "redis-7.0/nodes.txt".
inline QByteArray captured(const QByteArray &name)
{
    QFile file(QStringLiteral(SLOTSCOPE_TEST_DATA "/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Returns the first value of RESP bytes, or a null value if there is none.
inline Value valueOf(QByteArrayView wire)
{
    Reader reader;
    reader.feed(wire);
    const auto value = reader.next();
    return value && *value ? **value : Value();
}

} // namespace slotscope::test
