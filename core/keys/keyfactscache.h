// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfacts.h"
#include "core/session/sessiondoor.h"

#include <QHash>
#include <QSet>
#include <QObject>

namespace slotscope {

template <typename Service>
class Remote;

/// Facts of the keys on display, on the GUI thread: read on request, latest request first, and kept for at most some
/// hundred thousand keys.
class KeyFactsCache final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyFactsCache)
public:
    static constexpr qsizetype mostKept = 100'000;
    explicit KeyFactsCache(QObject *parent = nullptr);
    ~KeyFactsCache() override;

    /// Forgets everything, and reads through this door from now on.
    void setDoor(SessionDoor &door, int database);
    /// Null if nothing was read. Valid until the next call of any function here.
    [[nodiscard]] const KeyFacts *find(QByteArrayView key);
    /// Requests facts not yet known of these keys. Earlier requests that have not been started are dropped.
    void want(const QByteArrayList &keys, KeyFactSet facts);
    /// Makes the next request read the key's facts again.
    void forget(const QByteArray &key);
    void readAgain(const QByteArray &key); ///< forgets the key's facts and, if they are wanted, reads them again
    void clear();
    void insert(const QByteArray &key, const KeyFacts &facts);

Q_SIGNALS:
    void arrived(const QByteArrayList &keys);

private:
    void readNext();
    void takeFacts(const QByteArrayList &keys, const std::vector<KeyFacts> &facts);

    std::unique_ptr<Remote<KeyFactsReader>> m_reader;
    int m_database = 0;
    /// Two generations: recently used entries, and older ones, which are dropped when the first generation is full.
    QHash<QByteArray, KeyFacts> m_young, m_old;
    QByteArrayList m_wanted;
    KeyFactSet m_facts;
    bool m_reading = false;
    QSet<QByteArray> m_stale; ///< changed while their facts were being read
    quint64 m_generation = 0; ///< replies to an earlier generation are dropped
};

} // namespace slotscope
