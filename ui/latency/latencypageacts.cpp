// SPDX-License-Identifier: GPL-3.0-or-later
// What LatencyPage says of what it heard, and what it does when asked.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/latencywords.h"
#include "core/models/nodewords.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/latency/latencycommands.h"
#include "ui/latency/latencypage.h"
#include "ui/latency/latencythreshold.h"
#include "ui/latency/spectrumplot.h"
#include "ui/shared/consentedcall.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/exporting.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void LatencyPage::updateHead()
{
    const int pace = PingRecorder::paceFor(LatencyFeed::pingEveryMs, m_roundTrips.rowCount());
    const PingFigures own = m_feed.book().jitter().figures();
    QStringList parts;
    parts.append(tr("round trips of the last %1").arg(duration(m_feed.book().window())));
    parts.append(pace > 1000 ? tr("one ping every %1 to each node on a connection of its own").arg(duration(pace))
                             : tr("%1 pings per second to each node on a connection of its own").arg(1000 / pace));
    if (own.answered > 0)
        parts.append(tr("jitter of this program p99 %1 ms, longest %2 ms, shown separately")
                         .arg(millisecondsText(own.p99), millisecondsText(own.longest)));
    if (const quint64 dropped = m_feed.dropped(); dropped > 0)
        parts.append(counted(qint64(dropped), tr("1 ping result dropped here"), tr("%1 ping results dropped here")));
    m_subtitle->setText(parts.join(u" · "_s));
}

void LatencyPage::updateEvents()
{
    QMap<qint64, int> thresholds;
    int heard = 0;
    const QByteArrayList nodes = m_roundTrips.nodes();
    for (const QByteArray &id : nodes) {
        const NodeLatency *latency = m_events.heardOf(id);
        heard += latency && !latency->problem ? 1 : 0;
        if (latency && latency->threshold)
            ++thresholds[*latency->threshold];
    }
    QStringList words;
    for (auto each = thresholds.constBegin(); each != thresholds.constEnd(); ++each) {
        const QString over = each.key() == 0 ? tr("off") : tr("over %1 ms").arg(groupedNumber(each.key()));
        words.append(thresholds.size() == 1 ? over : tr("%1 on %2").arg(over).arg(each.value()));
    }
    m_eventsNote->setText(tr("LATENCY LATEST of %1, %2")
                              .arg(counted(heard, tr("1 node"), tr("%1 nodes")),
                                   words.isEmpty() ? tr("threshold unknown") : words.join(u", "_s)));
    setStyleProperty(m_eventsNote, "tone", thresholds.contains(0) ? u"warn"_s : u"muted"_s);
}

/// Shows which nodes did not report, and the ACL permission that is missing.
void LatencyPage::updateNotice()
{
    QStringList refused, lines;
    m_rightWanted.clear();
    const QByteArrayList nodes = m_roundTrips.nodes();
    for (const QByteArray &id : nodes) {
        const NodeLatency *latency = m_events.heardOf(id);
        if (!latency)
            continue;
        const std::optional<Error> &problem = latency->problem ? latency->problem : latency->historyProblem;
        if (!problem)
            continue;
        const QByteArray right = missingRight(*problem);
        if (right.isEmpty()) {
            lines.append(describe(*problem));
            continue;
        }
        refused.append(latency->nodeName);
        m_rightWanted = right;
    }
    if (!refused.isEmpty())
        lines.prepend(tr("%1 does not report what blocked it: the user lacks %2. Round trips need no permission.")
                          .arg(refused.size() == nodes.size() ? tr("Every node") : refused.join(u", "_s),
                               QString::fromLatin1(m_rightWanted)));
    if (m_which->current() == 1) {
        lines = m_commands->problems();
        m_rightWanted = m_commands->missing();
        if (!m_rightWanted.isEmpty())
            lines.append(tr("The user lacks %1.").arg(QString::fromLatin1(m_rightWanted)));
    }
    if (!m_told.isEmpty())
        lines.prepend(m_told);
    m_noticeText->setText(lines.join(u'\n'));
    m_notice->setVisible(!lines.isEmpty());
    const bool isGood = !m_told.isEmpty() && !m_isToldBad && lines.size() == 1;
    setStyleProperty(m_notice, "finding", isGood ? u"good"_s : u"warn"_s);
    m_copyRight->setVisible(!m_rightWanted.isEmpty());
    m_dismiss->setVisible(!m_told.isEmpty());
}

void LatencyPage::tell(const QString &text, bool isBad)
{
    m_told = datedNote(text);
    m_isToldBad = isBad;
    updateNotice();
}

QString LatencyPage::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_noticeText->text();
}

QString LatencyPage::subtitle() const
{
    return m_subtitle->text();
}

bool LatencyPage::isFilled() const
{
    const QByteArrayList nodes = m_roundTrips.nodes();
    return std::any_of(nodes.begin(), nodes.end(),
                       [this](const QByteArray &id) { return m_roundTrips.figuresOf(id).answered >= 10; });
}

void LatencyPage::copyRight()
{
    const QString user = context().target().credentials.user;
    QGuiApplication::clipboard()->setText(
        u"ACL SETUSER %1 %2"_s.arg(user.isEmpty() ? u"default"_s : user, QString::fromLatin1(m_rightWanted)));
}

void LatencyPage::editThreshold()
{
    auto *dialog = new LatencyThreshold(context(), m_feed, m_roundTrips, m_events, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &LatencyThreshold::changed, this, &LatencyPage::readAgain);
    dialog->open();
}

void LatencyPage::askToReset(const QByteArray &nodeId, const QByteArray &event)
{
    const QString where = nodeId.isEmpty() ? counted(m_roundTrips.rowCount(), tr("1 node"), tr("all %1 nodes"))
                                           : m_roundTrips.nameOf(nodeId);
    const QString what = event.isEmpty() ? tr("all events") : toDisplay(event);
    auto *question = new QMessageBox(QMessageBox::Question, tr("Reset"), tr("Reset %1 on %2?").arg(what, where),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"resetQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("LATENCY RESET: the servers delete the recorded events, and so does this page."));
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree = question->addButton(tr("Reset"), QMessageBox::AcceptRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree, nodeId, event] {
        if (question->clickedButton() != agree)
            return;
        const auto call = [this, nodeId, event](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
            if (!m_feed.reader())
                return std::nullopt;
            return m_feed.reader()->call<QList<NodeReply>>(
                [=](LatencyReader &reader) { return reader.reset(nodeId, event, consent); });
        };
        callWithConsent(context(), this, call, [this](const NodeReplies &replies) {
            if (!replies && replies.error().code == Error::Code::NeedsConsent)
                return;
            tell(repliesText(replies), !isEveryReplyGood(replies));
            readAgain();
        });
    });
    question->open();
}

void LatencyPage::fillResetMenu(QMenu *menu)
{
    menu->clear();
    menu->addAction(tr("All events on all nodes…"), this, [this] { askToReset({}, {}); });
    const int row = m_eventsTable->currentSourceRow();
    if (row >= 0)
        menu->addAction(
            tr("%1 on this node…").arg(toDisplay(m_events.eventAt(row))), this,
            [this, node = m_events.nodeAt(row), event = m_events.eventAt(row)] { askToReset(node, event); });
    menu->addSeparator();
    for (const QByteArray &id : m_roundTrips.nodes())
        menu->addAction(m_roundTrips.nameOf(id) + u'…', this, [this, id] { askToReset(id, {}); });
}

void LatencyPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    const auto add = [&](const QString &title, const QString &name, const TableView *table, TableFormat format) {
        const QString suffix = format == TableFormat::Csv ? u"csv"_s : u"json"_s;
        menu->addAction(title, this, [this, name, suffix, table, format] {
            saveBytes(this, name, suffix, table->exported(format));
        });
    };
    add(tr("Save round-trip times as CSV…"), u"latency"_s, m_table, TableFormat::Csv);
    add(tr("Save round-trip times as JSON…"), u"latency"_s, m_table, TableFormat::Json);
    add(tr("Save events as CSV…"), u"latency-events"_s, m_eventsTable, TableFormat::Csv);
    add(tr("Save events as JSON…"), u"latency-events"_s, m_eventsTable, TableFormat::Json);
    add(tr("Save commands as CSV…"), u"latency-commands"_s, m_commands->table(), TableFormat::Csv);
    add(tr("Save commands as JSON…"), u"latency-commands"_s, m_commands->table(), TableFormat::Json);
    menu->addSeparator();
    menu->addAction(tr("Picture of the spectrum (PNG)…"), this,
                    [this] { saveImage(this, u"latency"_s, m_plot->grab().toImage()); });
}

} // namespace slotscope
