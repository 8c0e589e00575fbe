// SPDX-License-Identifier: GPL-3.0-or-later
// What SettingsView says of what it heard, and what it does when asked.
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/config/settingpanel.h"
#include "ui/config/settingsview.h"
#include "ui/shared/consentedcall.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/exporting.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void SettingsView::updateAll()
{
    const ConfigComparison &all = m_model.comparison();
    m_filter->setLabel(0, tr("All %1").arg(groupedNumber(qint64(all.rows.size()))));
    m_filter->setLabel(1, tr("≠ Different %1").arg(groupedNumber(all.different)));
    m_filter->setLabel(2, tr("Changed %1").arg(groupedNumber(all.changed)));
    updateNotice();
    updateFoot();
    updatePanel();
    m_stack->setCurrentIndex(isFilled() ? 0 : 1);
}

void SettingsView::updatePanel()
{
    if (const SettingRow *row = m_chosen.isEmpty() ? nullptr : m_model.comparison().find(m_chosen))
        m_panel->show(*row, m_model.nodes(), m_context.view());
    else
        m_split->setPanelShown(false);
}

void SettingsView::updateNotice()
{
    QList<NodeNotice::Problem> problems;
    for (const NodeConfig &node : m_model.nodes())
        if (node.problem)
            problems.append({node.nodeName, *node.problem});
    m_notice->setProblems(problems, qsizetype(m_model.nodes().size()),
                          tr("%1 does not report its settings: the user lacks %2."));
    if (problems.isEmpty())
        m_empty->setContent(u"config"_s, tr("Nothing has been read yet"),
                            tr("Settings appear as soon as a node answers."));
    else
        m_empty->setContent(u"config"_s, tr("No node reports its settings"), m_notice->problems());
}

void SettingsView::updateFoot()
{
    int withoutFile = 0;
    for (const NodeConfig &node : m_model.nodes())
        withoutFile += node.isFileTold && node.file.isEmpty() ? 1 : 0;
    QStringList parts{tr("bold: not the default"), tr("= same as most nodes")};
    if (withoutFile > 0)
        parts.append(counted(withoutFile, tr("1 node runs without a configuration file"),
                             tr("%1 nodes run without a configuration file")));
    if (m_model.rowCount() == 0 && isFilled())
        parts = QStringList{tr("No setting matches. Clear the search or show all.")};
    m_foot->setText(parts.join(u"   "_s));
    const qint64 readAt = m_model.readAt();
    const qint64 age = std::max<qint64>(0, QDateTime::currentMSecsSinceEpoch() - readAt) / 1000 * 1000;
    m_age->setText(readAt == 0 ? QString() : age == 0 ? tr("read now") : tr("read %1 ago").arg(roughDuration(age)));
}

void SettingsView::takeRights()
{
    const bool readOnly = m_context.isReadOnly();
    m_rewrite->setEnabled(!readOnly);
    m_rewrite->setToolTip(readOnly ? tr("This connection is read-only.")
                                   : tr("CONFIG REWRITE: writes the running settings to the nodes' files"));
    m_panel->setReadOnly(readOnly);
}

void SettingsView::askToRewrite()
{
    QByteArrayList ids;
    int withoutFile = 0;
    for (const NodeConfig &node : m_model.nodes()) {
        if (node.isFileTold && node.file.isEmpty())
            ++withoutFile;
        else
            ids.append(node.nodeId);
    }
    if (ids.isEmpty()) {
        m_notice->tell(tr("No node runs with a configuration file: there is no file to write to."), true);
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Question, tr("Rewrite files"),
                                     counted(ids.size(), tr("Let 1 node write its settings to its file?"),
                                             tr("Let %1 nodes write their settings to their files?")),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"rewriteQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QString text = tr("CONFIG REWRITE changes the lines of the file that differ, and keeps its comments. Settings "
                      "changed at run time then survive a restart.");
    if (withoutFile > 0)
        text += u"\n\n"_s
            + counted(withoutFile, tr("1 node runs without a file and is skipped."),
                      tr("%1 nodes run without a file and are skipped."));
    question->setInformativeText(text);
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree = question->addButton(tr("Rewrite"), QMessageBox::AcceptRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree, ids] {
        if (question->clickedButton() == agree)
            sendRewrite(ids);
    });
    question->open();
}

void SettingsView::sendRewrite(const QByteArrayList &ids)
{
    const auto call = [this, ids](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
        if (!m_feed.service())
            return std::nullopt;
        return m_feed.service()->call<QList<NodeReply>>(
            [ids, consent](ConfigReader &reader) { return reader.rewrite(ids, consent); });
    };
    callWithConsent(m_context, this, call, [this](const NodeReplies &replies) {
        if (!replies && replies.error().code == Error::Code::Cancelled)
            return;
        m_notice->tell(repliesText(replies), !isEveryReplyGood(replies));
    });
}

QString SettingsView::noticeText() const
{
    return m_notice->text();
}

QString SettingsView::footText() const
{
    return m_foot->text();
}

void SettingsView::fillExportMenu(QMenu *menu)
{
    menu->clear();
    menu->addAction(tr("Shown settings as CSV…"), this,
                    [this] { saveBytes(this, u"settings"_s, u"csv"_s, m_model.exported(false)); });
    menu->addAction(tr("Shown settings as JSON…"), this,
                    [this] { saveBytes(this, u"settings"_s, u"json"_s, m_model.exported(true)); });
}

void SettingsView::openMenu(const QPoint &position)
{
    const QModelIndex index = m_table->indexAt(position);
    const SettingRow *row = m_model.rowAt(index.row());
    if (!row)
        return;
    QMenu menu(this);
    const auto copy = [&menu](const QString &title, const QString &text) {
        menu.addAction(title, &menu, [text] { QGuiApplication::clipboard()->setText(text); });
    };
    copy(tr("Copy the name"), QString::fromLatin1(row->name));
    if (!row->isSecret) {
        copy(tr("Copy the value of most nodes"), toDisplay(row->most));
    }
    menu.exec(m_table->viewport()->mapToGlobal(position));
}

} // namespace slotscope
