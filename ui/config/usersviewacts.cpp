// SPDX-License-Identifier: GPL-3.0-or-later
// What UsersView says of what it heard, and what it does when asked.
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/config/acllogdialog.h"
#include "ui/config/acltrialdialog.h"
#include "ui/config/userpanel.h"
#include "ui/config/usersview.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/nodenotice.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/sidesplit.h"
#include "ui/shared/theme.h"

#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void UsersView::updateAll()
{
    m_filter->setLabel(0, tr("All %1").arg(groupedNumber(qint64(m_model.all().size()))));
    m_filter->setLabel(1, tr("≠ Different %1").arg(groupedNumber(m_model.different())));
    updateNotice();
    const UserRow *row = m_chosen.isEmpty() ? nullptr : m_model.find(m_chosen);
    if (row) {
        m_panel->show(*row, m_model.nodes());
        if (const int at = m_model.rowOf(m_chosen); at >= 0)
            m_table->setCurrentIndex(m_model.index(at, 0));
    } else {
        m_split->setPanelShown(false);
    }
    m_stack->setCurrentIndex(isFilled() ? 0 : 1);
}

void UsersView::updateNotice()
{
    QList<NodeNotice::Problem> problems;
    for (const NodeUsers &node : m_model.nodes())
        if (node.problem)
            problems.append({node.nodeName, *node.problem});
    m_notice->setProblems(problems, qsizetype(m_model.nodes().size()),
                          tr("%1 does not list its users: the user lacks %2."));
    if (problems.isEmpty())
        m_empty->setContent(u"lock"_s, tr("Nothing has been read yet"), tr("Users appear as soon as a node answers."));
    else
        m_empty->setContent(u"lock"_s, tr("No node lists its users"), m_notice->problems());
}

void UsersView::takeRights()
{
    const bool readOnly = m_context.isReadOnly();
    for (QPushButton *button : {m_new, m_save}) {
        button->setEnabled(!readOnly);
        button->setToolTip(readOnly ? tr("This connection is read-only.") : QString());
    }
    m_panel->setReadOnly(readOnly);
}

QByteArray UsersView::ownUser() const
{
    const QString user = m_context.target().credentials.user;
    return user.isEmpty() ? "default"_ba : user.toUtf8();
}

void UsersView::openDialog(const UserRow *row)
{
    if (m_context.isReadOnly())
        return;
    QByteArrayList names;
    for (const UserRow &each : m_model.all())
        names.append(each.most.name);
    auto *dialog = new UserDialog(m_context.theme(), row, names, ownUser(), m_context.view(), m_model.nodes(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &UserDialog::changeRequested, this, [this](const UserDialog::Change &change) {
        m_chosen = change.user;
        send([change](AclKeeper &keeper, UserConsent consent) {
            return keeper.set(change.nodes, change.user, change.rules, change.password, change.keepsPasswords, consent);
        });
    });
    dialog->open();
}

void UsersView::ask(const QString &name, const QString &title, const QString &text, const QString &button,
                    bool isDestructive, std::function<void()> then)
{
    auto *question = new QMessageBox(isDestructive ? QMessageBox::Warning : QMessageBox::Question, button, title,
                                     QMessageBox::NoButton, this);
    question->setObjectName(name);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(text);
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree =
        question->addButton(button, isDestructive ? QMessageBox::DestructiveRole : QMessageBox::AcceptRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [question, agree, then = std::move(then)] {
        if (question->clickedButton() == agree)
            then();
    });
    question->open();
}

void UsersView::askToRemove()
{
    const QByteArray user = m_chosen;
    const UserRow *row = m_model.find(user);
    QByteArrayList nodes;
    QStringList notRead;
    for (size_t i = 0; row && i < m_model.nodes().size(); ++i) {
        const UserRow::Cell cell = row->cells.value(qsizetype(i), UserRow::Cell::NotRead);
        if (cell == UserRow::Cell::AsMost || cell == UserRow::Cell::Differs)
            nodes.append(m_model.nodes()[i].nodeId);
        else if (cell == UserRow::Cell::NotRead)
            notRead.append(m_model.nodes()[i].nodeName);
    }
    if (nodes.isEmpty())
        return;
    QString text = tr("Its connections are closed at once.");
    if (user == ownUser())
        text = tr("You are logged in as this user: your own connections are closed, and you cannot log in again.");
    if (!notRead.isEmpty())
        text += u"\n\n"_s + tr("Not on %1, which did not list its users.").arg(notRead.mid(0, 12).join(u", "_s));
    ask(u"removeQuestion"_s,
        counted(nodes.size(), tr("Delete the user %2 on 1 node?"), tr("Delete the user %2 on %1 nodes?"))
            .arg(toDisplay(user)),
        text, tr("Delete"), true, [this, nodes, user] {
            send([nodes, user](AclKeeper &keeper, UserConsent consent) { return keeper.remove(nodes, user, consent); });
        });
}

void UsersView::askToCopy()
{
    const UserRow *row = m_model.find(m_chosen);
    QByteArray source;
    QByteArrayList nodes;
    QStringList names;
    for (size_t i = 0; row && i < m_model.nodes().size(); ++i) {
        const UserRow::Cell cell = row->cells.value(qsizetype(i), UserRow::Cell::NotRead);
        const NodeUsers &node = m_model.nodes()[i];
        if (cell == UserRow::Cell::AsMost && source.isEmpty())
            source = node.nodeId;
        if (cell == UserRow::Cell::Differs || cell == UserRow::Cell::Missing) {
            nodes.append(node.nodeId);
            names.append(node.nodeName);
        }
    }
    if (source.isEmpty() || nodes.isEmpty())
        return;
    ask(u"copyQuestion"_s,
        counted(nodes.size(), tr("Set the ACL user %2 on 1 node to the definition that most nodes have?"),
                tr("Set the ACL user %2 on %1 nodes to the definition that most nodes have?"))
            .arg(toDisplay(m_chosen)),
        tr("Rules and passwords are replaced on %1.").arg(names.mid(0, 12).join(u", "_s))
            + (m_chosen == ownUser() ? u"\n\n"_s + tr("You are logged in as this user.") : QString()),
        tr("Make them the same"), false, [this, source, nodes, user = m_chosen] {
            send([=](AclKeeper &keeper, UserConsent consent) { return keeper.copy(source, nodes, user, consent); });
        });
}

void UsersView::askToSave()
{
    QByteArrayList nodes;
    for (const NodeUsers &node : m_model.nodes())
        if (node.readAt > 0 && !node.problem && node.hasFile.value_or(true))
            nodes.append(node.nodeId);
    if (nodes.isEmpty()) {
        m_notice->tell(tr("No node has a user file (aclfile). If the users are in the configuration file, Rewrite "
                          "files… in Settings saves them."),
                       true);
        return;
    }
    ask(u"saveQuestion"_s,
        counted(nodes.size(), tr("Let 1 node write its users to its file?"),
                tr("Let %1 nodes write their users to their files?")),
        tr("ACL SAVE: the users then survive a restart."), tr("Save"), false, [this, nodes] {
            send([nodes](AclKeeper &keeper, UserConsent consent) { return keeper.save(nodes, consent); });
        });
}

void UsersView::openLog()
{
    if (!m_feed.service())
        return;
    auto *dialog = new AclLogDialog(m_context, m_feed.service(), m_model.nodesThatAnswered(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(&m_context, &PageContext::doorChanged, dialog, &QDialog::reject);
    dialog->open();
}

void UsersView::openTrial()
{
    if (!m_feed.service())
        return;
    auto *dialog = new AclTrialDialog(m_feed.service(), m_chosen, m_model.nodesThatAnswered(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(&m_context, &PageContext::doorChanged, dialog, &QDialog::reject);
    dialog->open();
}

void UsersView::send(const Work &work)
{
    const auto call = [this, work](UserConsent consent) -> std::optional<QFuture<NodeReplies>> {
        if (!m_feed.service())
            return std::nullopt;
        return m_feed.service()->call<QList<NodeReply>>(
            [work, consent](AclKeeper &keeper) { return work(keeper, consent); });
    };
    callWithConsent(m_context, this, call, [this](const NodeReplies &replies) {
        if (!replies && replies.error().code == Error::Code::Cancelled)
            return;
        m_notice->tell(repliesText(replies), !isEveryReplyGood(replies));
        m_feed.readNow();
    });
}

QString UsersView::noticeText() const
{
    return m_notice->text();
}

} // namespace slotscope
