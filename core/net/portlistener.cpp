// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/net/portlistener.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QHash>

#include <array>
#include <unistd.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Whether a listening address accepts connections to 127.0.0.1. The hexadecimal forms are those of Linux on
/// little-endian and big-endian machines.
bool takesLoopback(const QByteArray &address)
{
    const bool isForAll = address.count('0') == address.size();
    return isForAll || address.endsWith("0100007F") || address.endsWith("7F000001");
}

struct Kin
{
    qint64 parent = 0, session = 0;
};

/// Parent and session of every process.
QHash<qint64, Kin> allProcesses()
{
    QHash<qint64, Kin> all;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const qint64 process = name.toLongLong();
        QFile file(u"/proc/%1/stat"_s.arg(process));
        if (process == 0 || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray text = file.readAll(); // the name in brackets may contain any characters
        const QList<QByteArray> words = text.mid(text.lastIndexOf(')') + 1).simplified().split(' ');
        if (words.size() > 3) // state, parent, group, session
            all.insert(process, {.parent = words.at(1).toLongLong(), .session = words.at(3).toLongLong()});
    }
    return all;
}

bool belongsTo(const QHash<qint64, Kin> &all, qint64 process, qint64 session)
{
    constexpr int generations = 64; // limit for the case that process ids are reused meanwhile and form a cycle
    for (int i = 0; i < generations && process > 1; ++i) {
        const Kin kin = all.value(process);
        if (process == session || kin.session == session)
            return true;
        process = kin.parent;
    }
    return false;
}

} // namespace

QList<PortListener> listenersAt(quint16 port)
{
    QList<PortListener> found;
    const QByteArray wanted = QByteArray::number(port, 16).rightJustified(4, '0').toUpper();
    for (const QString &name : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(name);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QList<QByteArray> words = line.simplified().split(' ');
            if (words.size() < 10 || words.at(3) != "0A")
                continue;
            const QList<QByteArray> at = words.at(1).split(':'), queues = words.at(4).split(':');
            if (at.size() == 2 && queues.size() == 2 && at.at(1) == wanted && takesLoopback(at.at(0)))
                found.append({.user = words.at(7).toUInt(),
                              .inode = words.at(9).toULongLong(),
                              .waiting = queues.at(1).toULongLong(nullptr, 16)});
        }
    }
    return found;
}

std::optional<bool> isHeldBySession(qint64 session, quint64 inode)
{
    const QHash<qint64, Kin> all = allProcesses();
    if (!all.contains(session))
        return std::nullopt;
    const QByteArray wanted = "socket:[" + QByteArray::number(inode) + ']';
    bool sawAll = true;
    for (auto each = all.cbegin(); each != all.cend(); ++each) {
        if (!belongsTo(all, each.key(), session))
            continue;
        const QDir folder(u"/proc/%1/fd"_s.arg(each.key()));
        sawAll = sawAll && folder.isReadable();
        for (const QString &name : folder.entryList(QDir::Files | QDir::System | QDir::NoDotAndDotDot)) {
            std::array<char, 64> text{};
            const QByteArray path = QFile::encodeName(folder.filePath(name));
            const auto size = ::readlink(path.constData(), text.data(), text.size());
            if (size > 0 && QByteArrayView(text.data(), size) == wanted)
                return true;
        }
    }
    return sawAll ? std::optional<bool>(false) : std::nullopt;
}

} // namespace slotscope
