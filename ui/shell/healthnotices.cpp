// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/healthnotices.h"

#include "core/base/text.h"
#include "ui/shell/connectionview.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int lookEveryMs = 500; // while a change has not settled
constexpr qsizetype titlesTold = 3;

} // namespace

HealthNotices::HealthNotices(QObject *parent) : QObject(parent)
{
    m_timer.setInterval(lookEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &HealthNotices::look);
}

void HealthNotices::watch(ConnectionView *view)
{
    m_turns.insert(view, {});
    connect(view, &ConnectionView::changed, this, [this, view] { take(view); });
    connect(view, &QObject::destroyed, this, [this, view] { m_turns.remove(view); });
}

void HealthNotices::look()
{
    const QList<ConnectionView *> views = m_turns.keys();
    for (ConnectionView *view : views)
        take(view);
}

void HealthNotices::take(ConnectionView *view)
{
    const auto turns = m_turns.find(view);
    if (turns == m_turns.end())
        return;
    const auto turn = turns->take(view->health(), steadyMs());
    const bool isSettling =
        std::any_of(m_turns.cbegin(), m_turns.cend(), [](const HealthTurns &each) { return each.isSettling(); });
    if (!isSettling)
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
    if (!turn || !m_isOn)
        return;
    const qsizetype more = turn->now.titles.size() - titlesTold;
    QString text = turn->now.titles.mid(0, titlesTold).join(u'\n');
    if (more > 0)
        text += u'\n' + tr("and %1 more").arg(more);
    if (turn->now.state <= HealthWord::State::Healthy)
        text = tr("Previously %1 for %2.").arg(turn->before.text, duration(turn->lastedMs));
    Q_EMIT turned(view, u"%1: %2"_s.arg(view->title(), turn->now.text), text);
}

} // namespace slotscope
