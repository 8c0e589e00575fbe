// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/messagepreviews.h"
#include "core/base/whendone.h"

#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {
namespace {

constexpr int previewsKept = 2000;
constexpr size_t mostWanted = 200; // more than fit on a screen; only the latest requests are kept

using Previews = std::vector<std::pair<quint64, MessagePreview>>;

Previews previewsOf(const PubSubMessages &messages, const std::optional<FormatChain> &chain)
{
    Previews made;
    for (const PubSubMessagePtr &each : messages)
        made.emplace_back(each->serial, previewOf(*each, chain));
    return made;
}

} // namespace

MessagePreviews::MessagePreviews(QObject *parent) : QObject(parent), m_made(previewsKept)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(0);
    connect(&m_timer, &QTimer::timeout, this, &MessagePreviews::makeNow);
}

void MessagePreviews::setChain(const std::optional<FormatChain> &chain)
{
    m_chain = chain;
    clear();
}

void MessagePreviews::clear()
{
    ++m_round;
    m_made.clear();
    m_wanted.clear();
    Q_EMIT changed();
}

const MessagePreview *MessagePreviews::of(const PubSubMessagePtr &message)
{
    if (const MessagePreview *made = m_made.object(message->serial))
        return made;
    const bool isWanted = std::any_of(m_wanted.begin(), m_wanted.end(),
                                      [&](const PubSubMessagePtr &each) { return each->serial == message->serial; });
    if (!isWanted)
        m_wanted.push_back(message);
    if (m_wanted.size() > mostWanted)
        m_wanted.erase(m_wanted.begin());
    if (!m_underway && !m_timer.isActive())
        m_timer.start();
    return nullptr;
}

void MessagePreviews::makeNow()
{
    if (m_wanted.empty() || std::exchange(m_underway, true))
        return;
    whenDone(QtConcurrent::run(previewsOf, std::exchange(m_wanted, {}), m_chain), this,
             [this, round = m_round](const Previews &made) {
                 m_underway = false;
                 if (round == m_round) {
                     for (const auto &[serial, preview] : made)
                         m_made.insert(serial, new MessagePreview(preview));
                     Q_EMIT changed();
                 }
                 if (!m_wanted.empty())
                     m_timer.start();
             });
}

} // namespace slotscope
