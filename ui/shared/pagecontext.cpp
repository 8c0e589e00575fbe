// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/pagecontext.h"

namespace slotscope {

void PageContext::setDoor(const std::shared_ptr<SessionDoor> &door)
{
    m_door = door;
    Q_EMIT doorChanged();
}

void PageContext::setOperations(OperationsDoor *operations)
{
    m_operations = operations;
    Q_EMIT operationsChanged();
}

void PageContext::setAudit(AuditLog *audit)
{
    m_audit = audit;
    Q_EMIT auditChanged();
}

void PageContext::setKeyJobs(KeyJobBook *jobs)
{
    m_keyJobs = jobs;
    Q_EMIT keyJobsChanged();
}

void PageContext::setConnection(const ConnectionTarget &target, const QString &title, const Environment &environment)
{
    m_target = target;
    m_title = title;
    m_environment = environment;
    Q_EMIT connectionChanged();
}

void PageContext::setAlerts(const QList<NodeAlert> &alerts)
{
    if (alerts == m_alerts)
        return;
    m_alerts = alerts;
    Q_EMIT alertsChanged();
}

void PageContext::setBusy(const QString &page, bool busy)
{
    if (m_busyPages.contains(page) == busy)
        return;
    if (busy)
        m_busyPages.insert(page);
    else
        m_busyPages.remove(page);
    Q_EMIT busyPagesChanged();
}

QList<MetricEvent> PageContext::latestChanges(qsizetype most) const
{
    return m_changes ? m_changes(most) : QList<MetricEvent>();
}

void PageContext::setMetricsBook(const std::shared_ptr<MetricsBook> &book)
{
    m_metricsBook = book;
    Q_EMIT metricsBookChanged();
}

void PageContext::setReadOnly(bool readOnly)
{
    if (m_readOnly == readOnly)
        return;
    m_readOnly = readOnly;
    Q_EMIT readOnlyChanged(readOnly);
}

} // namespace slotscope
