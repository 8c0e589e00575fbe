// SPDX-License-Identifier: GPL-3.0-or-later
// What SlowlogPage says of what it heard, and what it does when asked.
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "core/models/tableexport.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"
#include "ui/slowlog/plotlegend.h"
#include "ui/slowlog/slowlogpage.h"
#include "ui/slowlog/slowlogplot.h"
#include "ui/slowlog/thresholddialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QFrame>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void SlowlogPage::updateAll()
{
    updateShapes();
    updateHead();
    updateNotice();
    updateStack();
}

void SlowlogPage::updateShapes()
{
    m_isUpdatingShapes = true;
    m_shapes.setFigures(m_entries.kind(), figuresOf(m_entries.matching()), context().view());
    const QByteArray shape = m_entries.shape();
    if (!shape.isEmpty() && m_shapes.rowOf(shape) >= 0)
        m_shapesTable->selectSourceRow(m_shapes.rowOf(shape));
    else
        m_shapesTable->clearSelection();
    m_isUpdatingShapes = false;
    m_shapesNote->setText(
        counted(m_shapes.rowCount(), tr("1 shape · arguments omitted"), tr("%1 shapes · arguments omitted")));
    if (m_chosen && m_entriesTable->currentSourceRow() < 0)
        m_entriesTable->selectSourceRow(m_entries.rowOf(m_chosen));
}

bool SlowlogPage::isEveryNodeHeard() const
{
    const QByteArrayList nodes = m_thresholds.nodes();
    return !nodes.isEmpty()
        && std::all_of(nodes.begin(), nodes.end(), [this](const QByteArray &id) { return m_thresholds.heardOf(id); });
}

/// Number of entries on the nodes that were not read.
qint64 SlowlogPage::olderOnServers() const
{
    QHash<QByteArray, qint64> held;
    for (const SlowlogEntryPtr &entry : m_entries.book().entries())
        ++held[entry->nodeId + entry->runId];
    qint64 older = 0;
    const QByteArrayList nodes = m_thresholds.nodes();
    for (const QByteArray &id : nodes)
        if (const NodeSlowlog *log = m_thresholds.heardOf(id); log && !log->problem && log->length)
            older += std::max<qint64>(0, *log->length - held.value(id + log->runId));
    return m_entries.book().entries().size() >= SlowlogBook::usualBound ? 0 : older;
}

void SlowlogPage::updateHead()
{
    const qint64 count = qint64(m_entries.book().entries().size());
    QStringList parts{counted(count, tr("1 entry"), tr("%1 entries"))};
    if (count > 0)
        parts.first() = tr("%1 since %2").arg(parts.first(), momentText(m_entries.book().entries().front()->at));
    qint64 clocks = 0;
    int answered = 0;
    const QByteArrayList nodes = m_thresholds.nodes();
    for (const QByteArray &id : nodes) {
        const NodeSlowlog *log = m_thresholds.heardOf(id);
        answered += log && !log->problem ? 1 : 0;
        clocks = log ? std::max(clocks, qAbs(log->clockAhead)) : clocks;
    }
    parts.append(answered == nodes.size() ? counted(answered, tr("1 node"), tr("all %1 nodes"))
                                          : tr("%1 of %2 nodes").arg(answered).arg(nodes.size()));
    if (clocks > 0)
        parts.append(tr("clocks differ from this computer by up to %1: corrected").arg(duration(clocks)));
    if (m_missed > 0)
        parts.append(
            counted(m_missed, tr("1 was dropped before it was read"), tr("%1 were dropped before they were read")));
    if (const quint64 dropped = m_entries.book().dropped(); dropped > 0)
        parts.append(counted(qint64(dropped), tr("the oldest 1 dropped"), tr("the oldest %1 dropped")));
    m_subtitle->setText(parts.join(u" · "_s));
    const QByteArray shape = m_entries.shape();
    const qint64 shown = m_entries.rowCount(), matching = qint64(m_entries.matching().size());
    m_entriesNote->setText(!shape.isEmpty()       ? tr("%1 of %2").arg(groupedNumber(shown), toDisplay(shape))
                               : matching < count ? tr("%1 of %2").arg(groupedNumber(matching), groupedNumber(count))
                                                  : groupedNumber(count));
    m_showAll->setVisible(!shape.isEmpty());
    const qint64 older = olderOnServers();
    m_older->setText(counted(older, tr("Read 1 older"), tr("Read %1 older")));
    m_older->setVisible(older > 0 && isEveryNodeHeard());
    m_legend->setRing(!shape.isEmpty());
    const auto threshold = m_thresholds.usualThreshold();
    m_plot->setThreshold(threshold);
    m_legend->setThreshold(
        threshold && *threshold > 0 ? tr("threshold %1").arg(thresholdText(m_entries.kind(), *threshold)) : QString());
}

/// Shows which nodes did not report, and the ACL permission that is missing.
void SlowlogPage::updateNotice()
{
    QStringList refused, silent, lines;
    QString words;
    m_rightWanted.clear();
    const QByteArrayList nodes = m_thresholds.nodes();
    for (const QByteArray &id : nodes) {
        const NodeSlowlog *log = m_thresholds.heardOf(id);
        if (!log || !log->problem)
            continue;
        const QByteArray right = missingRight(*log->problem);
        (right.isEmpty() ? silent : refused).append(log->nodeName);
        if (!right.isEmpty())
            m_rightWanted = right;
        words = log->problem->detail.isEmpty() ? describe(*log->problem) : log->problem->detail;
        if (right.isEmpty())
            lines.append(describe(*log->problem));
    }
    if (!refused.isEmpty())
        lines.prepend(tr("%1 does not show the log: the user lacks %2. %3")
                          .arg(refused.size() == nodes.size() ? tr("Every node") : refused.join(u", "_s),
                               QString::fromLatin1(m_rightWanted), words));
    if (!silent.isEmpty() && m_since > 0)
        lines.append(tr("Entries read before stay; the other nodes are still read."));
    if (!m_told.isEmpty())
        lines.prepend(m_told);
    m_noticeText->setText(lines.join(u'\n'));
    m_notice->setVisible(!lines.isEmpty());
    const bool isGood = !m_told.isEmpty() && !m_isToldBad && lines.size() == 1;
    setStyleProperty(m_notice, "finding", isGood ? u"good"_s : u"warn"_s);
    m_copyRight->setVisible(!m_rightWanted.isEmpty());
    m_dismiss->setVisible(!m_told.isEmpty());
}

void SlowlogPage::updateStack()
{
    const bool any = !m_entries.book().entries().empty();
    m_stack->setCurrentIndex(any ? 0 : 1);
    m_lower->setVisible(!any && isEveryNodeHeard());
    if (any)
        return;
    const SlowlogKind kind = m_entries.kind();
    const auto threshold = m_thresholds.usualThreshold();
    const bool isTime = kind == SlowlogKind::Slow;
    if (!context().door() || !isEveryNodeHeard()) {
        m_empty->setContent(u"clock"_s, tr("Nothing has been read yet"),
                            tr("The log appears as soon as the nodes answer."));
    } else if (!m_rightWanted.isEmpty()) {
        m_lower->hide();
        m_empty->setContent(
            u"lock"_s, tr("The log cannot be read"),
            tr("The user of this connection lacks the permission %1.").arg(QString::fromLatin1(m_rightWanted)));
    } else if (threshold && *threshold < 0) {
        m_empty->setContent(u"slowlog"_s, tr("The log is off"), tr("The nodes record nothing: the threshold is off."));
    } else {
        const QString over = threshold ? thresholdText(kind, *threshold) : tr("the threshold");
        m_empty->setContent(u"slowlog"_s,
                            (isTime ? tr("Nothing slower than %1 since %2") : tr("Nothing larger than %1 since %2"))
                                .arg(over, momentText(m_since)),
                            tr("The nodes contain no entry, and none arrived since this page was opened."));
    }
}

void SlowlogPage::tell(const QString &text, bool isBad)
{
    m_told = datedNote(text);
    m_isToldBad = isBad;
    updateNotice();
}

QString SlowlogPage::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_noticeText->text();
}

/// An empty log is also a result: all nodes have replied, and the thresholds are shown.
bool SlowlogPage::isFilled() const
{
    return m_stack->currentIndex() == 0 || (context().door() && isEveryNodeHeard() && m_rightWanted.isEmpty());
}

void SlowlogPage::copyRight()
{
    const QString user = context().target().credentials.user;
    QGuiApplication::clipboard()->setText(
        u"ACL SETUSER %1 %2"_s.arg(user.isEmpty() ? u"default"_s : user, QString::fromLatin1(m_rightWanted)));
}

void SlowlogPage::editThresholds(const QByteArray &nodeId)
{
    auto *dialog = new ThresholdDialog(m_thresholds, m_changes, nodeId, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ThresholdDialog::changed, &m_feed, &SlowlogFeed::readNow);
    dialog->open();
}

void SlowlogPage::askToReset(const QByteArray &nodeId)
{
    const ClusterViewPtr view = context().view();
    const NodeState *node = view ? view->node(nodeId) : nullptr;
    const QString where = node ? node->name : counted(m_thresholds.nodes().size(), tr("1 node"), tr("all %1 nodes"));
    auto *question = new QMessageBox(QMessageBox::Question, tr("Reset"), tr("Clear the log of %1?").arg(where),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"resetQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("The servers delete their entries; entries already read stay on this page."));
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree = question->addButton(tr("Reset"), QMessageBox::AcceptRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree, nodeId] {
        if (question->clickedButton() != agree)
            return;
        m_changes.reset(nodeId, m_entries.kind(), this, [this](const SlowlogChanges::Replies &replies) {
            const bool isDone = isDoneEverywhere(replies);
            if (!replies && replies.error().code == Error::Code::Cancelled)
                return;
            tell(isDone ? tr("The log was cleared. %1").arg(outcomeText(replies)) : outcomeText(replies), !isDone);
            m_feed.readNow();
        });
    });
    question->open();
}

void SlowlogPage::fillResetMenu(QMenu *menu)
{
    menu->clear();
    menu->addAction(tr("On all nodes…"), this, [this] { askToReset({}); });
    menu->addSeparator();
    const QByteArrayList nodes = m_thresholds.nodes();
    for (int row = 0; row < nodes.size(); ++row)
        menu->addAction(m_thresholds.index(row, int(ThresholdModel::Column::Node)).data().toString() + u'…', this,
                        [this, id = nodes[row]] { askToReset(id); });
}

void SlowlogPage::fillExportMenu(QMenu *menu)
{
    menu->clear();
    const auto save = [this](const QString &name, const TableView *table, const QString &suffix, TableFormat format) {
        saveBytes(this, name, suffix, table->exported(format));
    };
    const QString entries = u"slowlog"_s, shapes = u"slowlog-shapes"_s;
    menu->addAction(tr("Entries as CSV…"), this,
                    [=, this] { save(entries, m_entriesTable, u"csv"_s, TableFormat::Csv); });
    menu->addAction(tr("Entries as JSON…"), this,
                    [=, this] { save(entries, m_entriesTable, u"json"_s, TableFormat::Json); });
    menu->addAction(tr("Entries as text…"), this,
                    [=, this] { save(entries, m_entriesTable, u"txt"_s, TableFormat::Text); });
    menu->addSeparator();
    menu->addAction(tr("Shapes as CSV…"), this, [=, this] { save(shapes, m_shapesTable, u"csv"_s, TableFormat::Csv); });
    menu->addAction(tr("Shapes as JSON…"), this,
                    [=, this] { save(shapes, m_shapesTable, u"json"_s, TableFormat::Json); });
    menu->addSeparator();
    menu->addAction(tr("Picture of the plot (PNG)…"), this,
                    [this] { saveImage(this, u"slowlog"_s, m_plot->grab().toImage()); });
    for (QAction *action : menu->actions())
        action->setEnabled(m_stack->currentIndex() == 0);
}

void SlowlogPage::fillEntryMenu(QMenu *menu, int row)
{
    const SlowlogEntryPtr entry = m_entries.entryAt(row);
    if (!entry)
        return;
    menu->addAction(tr("Copy the command as a line"), this, [entry] {
        QGuiApplication::clipboard()->setText(QString::fromLatin1(wholeCommandLine(entry->command)));
    });
    menu->addAction(tr("Only commands of this shape"), this, [this, entry] { showShape(entry->shape); });
    menu->addAction(tr("Only this node"), this, [this, entry] { showPlace({.node = entry->nodeId}); });
    menu->addAction(tr("Show the node in Topology"), this,
                    [this, entry] { context().goTo({.page = u"topology"_s, .node = entry->nodeId}); });
}

} // namespace slotscope
