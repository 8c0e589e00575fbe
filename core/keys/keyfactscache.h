// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyfacts.h"
#include "core/session/sessiondoor.h"

#include <QHash>
#include <QObject>

namespace slotscope {

template <typename Service>
class Remote;

/// Facts of the keys that are looked at, on the GUI thread: read when they are wanted, the last wish first, and kept
/// for some hundred thousand keys at most.
class KeyFactsCache final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyFactsCache)
public:
    static constexpr qsizetype mostKept = 100'000;
    explicit KeyFactsCache(QObject *parent = nullptr);
    ~KeyFactsCache() override;

    /// Forgets everything, and reads over this door from now on.
    void setDoor(SessionDoor &door, int database);
    /// Null where nothing was read. Until the next call of anything here.
    [[nodiscard]] const KeyFacts *find(QByteArrayView key);
    /// Reads what is not known of these keys; what was wanted before and is not under way is let go.
    void want(const QByteArrayList &keys, KeyFactSet facts);
    /// What is known is read again when it is wanted next.
    void forget(const QByteArray &key);
    void clear();
    void insert(const QByteArray &key, const KeyFacts &facts);

Q_SIGNALS:
    void arrived(const QByteArrayList &keys);

private:
    void readNext();
    void takeFacts(const QByteArrayList &keys, const std::vector<KeyFacts> &facts);

    std::unique_ptr<Remote<KeyFactsReader>> m_reader;
    int m_database = 0;
    /// Two generations: what was looked at lately, and the one before, which goes when the first is full.
    QHash<QByteArray, KeyFacts> m_young, m_old;
    QByteArrayList m_wanted;
    KeyFactSet m_facts;
    bool m_reading = false;
    quint64 m_generation = 0; ///< answers of an earlier one are dropped
};

} // namespace slotscope
