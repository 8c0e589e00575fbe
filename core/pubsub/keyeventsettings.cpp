// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pubsub/keyeventsettings.h"

#include "core/base/clock.h"
#include "core/pubsub/keyevents.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

const QByteArray settingName("notify-keyspace-events");

} // namespace

KeyEventSettings::KeyEventSettings(QPointer<ClusterSession> session, QObject *parent)
    : QObject(parent), m_session(std::move(session))
{ }

void KeyEventSettings::readIfDue()
{
    const bool isDue = m_readAt == 0 || steadyMs() - m_readAt >= readEveryMs;
    if (isDue && m_session && !std::exchange(m_isReading, true))
        read(this);
}

QCoro::Task<> KeyEventSettings::read(QPointer<KeyEventSettings> self)
{
    const QPointer<ClusterSession> session = self->m_session;
    self->m_readAt = steadyMs();
    const Command command = commandOf("CONFIG", "GET", settingName);
    NodeSelection selection;
    selection.kind = NodeSelection::Kind::Primaries;
    const Result<QList<NodeReply>> replies = co_await session->call(command, selection);
    if (!self)
        co_return;
    self->m_isReading = false;
    self->take(replies);
}

void KeyEventSettings::take(const Result<QList<NodeReply>> &replies)
{
    m_settings.clear();
    if (!replies) {
        m_settings.push_back({{}, {}, failure(replies.error())});
        return;
    }
    for (const NodeReply &each : *replies) {
        Setting setting{each.nodeId, each.nodeName, QByteArray()};
        if (!each.reply)
            setting.value = failure(each.reply.error());
        else if (const Value *value = each.reply->find(settingName); value && !value->isNull())
            setting.value = value->bytes();
        else // managed services may hide settings in CONFIG
            setting.value = failure({.code = Error::Code::Parse,
                                     .detail = tr("the server does not report this setting"),
                                     .serverPrefix = {},
                                     .node = each.nodeName,
                                     .command = u"CONFIG GET"_s});
        m_settings.push_back(std::move(setting));
    }
}

std::vector<KeyEventsWarning> KeyEventSettings::warnings(const QByteArrayList &patterns) const
{
    std::vector<KeyEventsWarning> all;
    if (patterns.isEmpty())
        return all;
    const ClusterViewPtr view = m_session ? m_session->view() : nullptr;
    for (const Setting &setting : m_settings) {
        const NodeState *node = view ? view->node(setting.nodeId) : nullptr;
        KeyEventsWarning warning{.nodeId = setting.nodeId,
                                 .node = node ? node->name : setting.node,
                                 .setting = {},
                                 .missing = {},
                                 .problem = {}};
        if (!setting.value) {
            warning.problem = setting.value.error();
            all.push_back(warning);
            continue;
        }
        warning.setting = *setting.value;
        for (const QByteArray &pattern : patterns)
            for (const char letter : lackingForEvents(*setting.value, pattern))
                if (!warning.missing.contains(letter))
                    warning.missing += letter;
        if (!warning.missing.isEmpty())
            all.push_back(warning);
    }
    return all;
}

bool KeyEventSettings::mayBeSent() const
{
    return std::any_of(m_settings.begin(), m_settings.end(), [](const Setting &setting) {
        if (!setting.value)
            return true;
        const QByteArray &letters = *setting.value;
        const bool hasWay = letters.contains('K') || letters.contains('E');
        return hasWay && lackingForEvents(letters, {}).isEmpty();
    });
}

} // namespace slotscope
