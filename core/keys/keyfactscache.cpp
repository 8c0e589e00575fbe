// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/keys/keyfactscache.h"

#include "core/base/whendone.h"
#include "core/session/remote.h"

namespace slotscope {

namespace {

constexpr qsizetype keysAtOnce = 300; // more than the rows on a screen

} // namespace

KeyFactsCache::KeyFactsCache(QObject *parent) : QObject(parent) { }
KeyFactsCache::~KeyFactsCache() = default;

void KeyFactsCache::setDoor(SessionDoor &door, int database)
{
    clear();
    m_database = database;
    m_reader = std::make_unique<Remote<KeyFactsReader>>(door);
}

void KeyFactsCache::clear()
{
    ++m_generation;
    m_young.clear();
    m_old.clear();
    m_wanted.clear();
    m_reading = false;
}

const KeyFacts *KeyFactsCache::find(QByteArrayView key)
{
    const QByteArray name = QByteArray::fromRawData(key.data(), key.size());
    if (const auto young = m_young.constFind(name); young != m_young.cend())
        return &*young;
    const auto old = m_old.constFind(name);
    if (old == m_old.cend())
        return nullptr;
    const KeyFacts facts = *old;
    insert(key.toByteArray(), facts);
    return &*m_young.constFind(name);
}

void KeyFactsCache::insert(const QByteArray &key, const KeyFacts &facts)
{
    if (m_young.size() >= mostKept / 2)
        m_old = std::exchange(m_young, {});
    m_young.insert(key, facts);
}

void KeyFactsCache::forget(const QByteArray &key)
{
    m_young.remove(key);
    m_old.remove(key);
}

void KeyFactsCache::readAgain(const QByteArray &key)
{
    forget(key);
    Q_EMIT arrived({key});
    if (m_reading)
        m_stale.insert(key);
    else
        readNext();
}

void KeyFactsCache::want(const QByteArrayList &keys, KeyFactSet facts)
{
    m_wanted = keys;
    m_facts = facts | KeyFact::Type;
    if (!m_reading)
        readNext();
}

void KeyFactsCache::readNext()
{
    if (!m_reader)
        return;
    // first the fast facts for all rows, then those that cost the server time
    for (const KeyFactSet stage : {m_facts & ~KeyFactSet(KeyFact::Memory), m_facts}) {
        QByteArrayList keys;
        KeyFactSet missing;
        for (const QByteArray &key : std::as_const(m_wanted)) {
            const KeyFacts *known = find(key);
            const KeyFactSet due = stage & ~(known ? known->tried : KeyFactSet());
            if (!due || keys.size() == keysAtOnce)
                continue;
            missing |= due;
            keys.append(key);
        }
        if (keys.isEmpty())
            continue;
        m_reading = true;
        const quint64 generation = m_generation;
        whenDone(m_reader->call<std::vector<KeyFacts>>([keys, missing, database = m_database](KeyFactsReader &reader) {
            return reader.read(keys, missing | KeyFact::Type, database);
        }),
                 this, [this, keys, missing, generation](const Result<std::vector<KeyFacts>> &facts) {
                     if (generation != m_generation)
                         return;
                     m_reading = false;
                     std::vector<KeyFacts> told(size_t(keys.size()));
                     if (facts)
                         told = *facts;
                     for (KeyFacts &one : told)
                         // counts as tried even if it was refused, so that it is not queried again and again
                         one.tried |= missing;
                     takeFacts(keys, told);
                     for (const QByteArray &key : std::exchange(m_stale, {}))
                         forget(key);
                     readNext();
                 });
        return;
    }
}

void KeyFactsCache::takeFacts(const QByteArrayList &keys, const std::vector<KeyFacts> &facts)
{
    for (qsizetype i = 0; i < keys.size(); ++i) {
        const KeyFacts *known = find(keys[i]);
        KeyFacts merged = known ? *known : KeyFacts();
        merged.take(facts[size_t(i)]);
        insert(keys[i], merged);
    }
    Q_EMIT arrived(keys);
}

} // namespace slotscope
