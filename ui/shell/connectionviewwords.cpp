// SPDX-License-Identifier: GPL-3.0-or-later
// What ConnectionView says while there is nothing to show, or nothing new.
#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shell/connectionview.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

bool ConnectionView::isFailing() const
{
    return m_state == SessionState::Connecting && !m_view
        && (m_error.code != Error().code || !m_error.detail.isEmpty());
}

/// Text of the error, its remedy, and the time of the next attempt.
QString ConnectionView::failureText() const
{
    QStringList lines{describe(m_error)};
    if (const QString help = advice(m_error); !help.isEmpty())
        lines.append(help);
    if (m_retryAt > 0 || isFailing())
        lines.append(nextAttemptText(m_retryAt, steadyMs()));
    return lines.join(u'\n');
}

void ConnectionView::updateEmpty()
{
    const QString why = failureText();
    if (m_state == SessionState::Failed && !m_failedTitle.isEmpty()) {
        m_empty->setContent(u"warning"_s, m_failedTitle, why);
    } else if (m_state == SessionState::Failed) {
        const bool refused = m_error.code == Error::Code::AuthRequired || m_error.code == Error::Code::WrongPassword
            || m_error.code == Error::Code::NoPermission;
        m_empty->setContent(refused ? u"lock"_s : u"unplugged"_s,
                            refused ? tr("%1 refuses access").arg(title()) : tr("%1 cannot be reached").arg(title()),
                            why);
    } else if (m_state == SessionState::Lost) {
        m_empty->setContent(u"unplugged"_s, tr("The connection to %1 is lost").arg(title()), why);
    } else if (isFailing()) {
        m_empty->setContent(u"unplugged"_s, tr("Cannot connect to %1").arg(title()), why);
    } else if (!m_startTitle.isEmpty()) {
        m_empty->setContent(u"play"_s, m_startTitle, m_startText);
    } else {
        m_empty->setContent(u"plug"_s, tr("Connecting to %1").arg(title()),
                            tr("Waiting for the first node to answer."));
    }
}

void ConnectionView::updateBanner()
{
    const qint64 now = steadyMs();
    m_bannerText->setText(lostText(m_error, m_view ? nextRetryAt(*m_view, now) : 0, now));
}

QString unrenewedText(const Error &error)
{
    return ConnectionView::tr("▲ The password was not renewed · %1. Open connections stay open.").arg(describe(error));
}

QString lostText(const Error &error, qint64 retryAt, qint64 now)
{
    const int seconds = int((retryAt - now + 999) / 1000);
    const QString next =
        retryAt > now ? ConnectionView::tr("next try in %n s", nullptr, seconds) : ConnectionView::tr("trying again…");
    return ConnectionView::tr("▲ No node answers · %1 · %2. The page shows the last known state.")
        .arg(next, describe(error));
}

QString nextAttemptText(qint64 retryAt, qint64 now)
{
    const int seconds = int((retryAt - now + 999) / 1000);
    return retryAt > now ? ConnectionView::tr("Next attempt in %n s.", nullptr, seconds)
                         : ConnectionView::tr("Trying again…");
}

qint64 nextRetryAt(const ClusterView &view, qint64 now)
{
    qint64 next = 0;
    for (const NodeState &node : view.nodes) {
        if (node.reach.state == Reach::State::Waiting && node.reach.retryAt >= now
            && (next == 0 || node.reach.retryAt < next))
            next = node.reach.retryAt;
    }
    return next;
}

} // namespace slotscope
