// SPDX-License-Identifier: GPL-3.0-or-later
// What LoadView shows of earlier tests, and what they left in the cluster.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/models/latencywords.h"
#include "core/models/tableroles.h"
#include "ui/operations/loadcells.h"
#include "ui/operations/loadform.h"
#include "ui/operations/loadview.h"
#include "ui/shared/exporting.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/tableview.h"

#include <QDateTime>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

void LoadView::connectStored()
{
    connect(m_open, &QPushButton::clicked, this, [this] {
        withStored([](LoadView &self, const LoadReportPtr &report) {
            self.m_form->setSpec(report->spec);
            self.show(report);
        });
    });
    connect(m_compare, &QPushButton::clicked, this,
            [this] { withStored([](LoadView &self, const LoadReportPtr &before) { self.showComparison(*before); }); });
    connect(m_delete, &QPushButton::clicked, this, [this] {
        const int row = m_storedTable->currentSourceRow();
        if (row < 0)
            return;
        const QString path = m_stored.item(row, 0)->data(IdRole).toString();
        if (const Result<> gone = LoadStore::remove(path); !gone)
            showProblem(describe(gone.error()));
        readStored();
    });
    const auto enable = [this] {
        const bool chosen = m_storedTable->currentSourceRow() >= 0;
        m_open->setEnabled(chosen && !m_running);
        m_compare->setEnabled(chosen && m_report && !m_running);
        m_delete->setEnabled(chosen);
    };
    connect(m_storedTable, &TableView::rowChosen, this, enable);
    enable();
}

/// Compares the shown report with an earlier one.
void LoadView::showComparison(const LoadReport &before)
{
    if (!m_report)
        return;
    QStringList lines;
    const QList<LoadChange> changes = compared(before, *m_report);
    for (const LoadChange &change : changes) {
        const auto figure = [&change](double value) {
            if (value < 0)
                return u"–"_s; // nothing was counted
            return change.isTime ? timeText(qint64(value)) : rateWords(value);
        };
        QString line = u"%1: %2 → %3"_s.arg(change.name, figure(change.before), figure(change.after));
        if (const auto percent = change.percent())
            line += u" (%1%2 %)"_s.arg(*percent >= 0 ? u"+"_s : QString()).arg(*percent, 0, 'f', 1);
        lines.append(line);
    }
    const QStringList differences = differencesOf(before, *m_report);
    if (!differences.isEmpty())
        lines.append(tr("Not the same test: %1").arg(differences.join(u"; "_s)));
    m_compared->setText(lines.join(u'\n'));
    m_compared->show();
}

void LoadView::readStored()
{
    if (!m_generator)
        return;
    whenDone(m_generator->call<QList<StoredLoad>>([](LoadGenerator &generator) { return generator.stored(); }), this,
             [this](const Result<QList<StoredLoad>> &stored) {
                 if (stored)
                     showStored(*stored);
             });
}

void LoadView::showStored(const QList<StoredLoad> &stored)
{
    m_storedCard->setVisible(!stored.isEmpty());
    m_stored.removeRows(0, m_stored.rowCount());
    for (const StoredLoad &each : stored) {
        const QDateTime begun = QDateTime::fromMSecsSinceEpoch(each.startedAt);
        QStandardItem *first = loadCell(QLocale().toString(begun, QLocale::ShortFormat), each.startedAt, false);
        first->setData(each.path, IdRole);
        m_stored.appendRow({first, loadCell(each.words, each.words, false),
                            loadCell(rateWords(each.rate), each.rate, true), timeCell(each.p99),
                            loadCell(groupedNumber(each.errors), each.errors, true)});
    }
}

void LoadView::withStored(std::function<void(LoadView &, const LoadReportPtr &)> use)
{
    const int row = m_storedTable->currentSourceRow();
    if (row < 0 || !m_generator)
        return;
    const QString path = m_stored.item(row, 0)->data(IdRole).toString();
    whenDone(m_generator->call<LoadReportPtr>([path](LoadGenerator &) { return LoadGenerator::readReport(path); }),
             this, [this, use](const Result<LoadReportPtr> &read) {
                 if (read)
                     use(*this, *read);
                 else
                     showProblem(describe(read.error()));
             });
}

void LoadView::readLeft()
{
    if (!m_generator)
        return;
    whenDone(m_generator->call<QList<LoadRecord>>([](LoadGenerator &generator) { return generator.left(false); }), this,
             [this](const Result<QList<LoadRecord>> &left) {
                 m_left = left ? *left : QList<LoadRecord>();
                 m_banner->setVisible(!m_left.isEmpty());
                 m_remove->setVisible(!m_left.isEmpty());
                 if (!m_left.isEmpty())
                     m_bannerText->setText(tr("Keys of a load test that ended early still exist (%1…).")
                                               .arg(toDisplay(m_left.front().prefix)));
                 else
                     tellUnreadable();
             });
}

/// Shows which records cannot be read and where they are: their keys cannot be found through them.
void LoadView::tellUnreadable()
{
    whenDone(m_generator->call<QStringList>([](LoadGenerator &) { return LoadGenerator::unreadable(); }), this,
             [this](const Result<QStringList> &files) {
                 if (!files || files->isEmpty() || !m_left.isEmpty())
                     return;
                 m_bannerText->setText(unreadableLoadWords(*files));
                 m_banner->setVisible(true);
             });
}

/// Deletes the keys of one record after the other.
void LoadView::removeLeft()
{
    if (m_left.isEmpty() || !m_generator || m_running)
        return;
    if (m_context.isReadOnly() || !m_form->hasConsent()) {
        showProblem(m_context.isReadOnly() ? tr("This connection is read-only.")
                                           : tr("This is production: first type its name on the left."));
        return;
    }
    m_remove->setEnabled(false);
    const LoadRecord record = m_left.takeFirst();
    whenDone(m_generator->call<qint64>(
                 [record](LoadGenerator &generator) { return generator.clean(record, UserConsent::NameTyped); }),
             this, [this](const Result<qint64> &removed) {
                 m_remove->setEnabled(true);
                 if (!removed)
                     showProblem(describe(removed.error()));
                 else
                     tellBriefly(this, tr("%1 keys deleted").arg(groupedNumber(*removed)));
                 if (removed && !m_left.isEmpty())
                     removeLeft();
                 else
                     readLeft();
             });
}

} // namespace slotscope
