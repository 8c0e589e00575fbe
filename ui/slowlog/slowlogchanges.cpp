// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/slowlogchanges.h"

#include "core/base/errortext.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "ui/shared/pagecontext.h"
#include "ui/slowlog/slowlogfeed.h"

#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

bool isDoneEverywhere(const SlowlogChanges::Replies &replies)
{
    return replies
        && std::all_of(replies->begin(), replies->end(), [](const NodeReply &each) { return each.reply.has_value(); });
}

QString outcomeText(const SlowlogChanges::Replies &replies)
{
    if (!replies)
        return describe(replies.error());
    QStringList failures;
    for (const NodeReply &each : *replies) {
        if (each.reply)
            continue;
        const Error &error = each.reply.error();
        const QByteArray right = missingRight(error);
        failures.append(
            describe(error)
            + (right.isEmpty() ? QString() : SlowlogChanges::tr(" It needs %1.").arg(QString::fromLatin1(right))));
    }
    const qsizetype done = replies->size() - failures.size();
    if (failures.isEmpty())
        return counted(done, SlowlogChanges::tr("Done on 1 node."), SlowlogChanges::tr("Done on %1 nodes."));
    return SlowlogChanges::tr("Done on %1 of %2 nodes.").arg(done).arg(replies->size()) + u'\n' + failures.join(u'\n');
}

SlowlogChanges::SlowlogChanges(PageContext &context, SlowlogFeed &feed, QWidget *parent)
    : QObject(parent), m_context(context), m_feed(feed)
{ }

void SlowlogChanges::set(const QByteArray &nodeId, const QByteArray &setting, const QByteArray &value, QWidget *parent,
                         Then then)
{
    run(
        [this, nodeId, setting, value](UserConsent consent) {
            return m_feed.reader()->call<QList<NodeReply>>(
                [=](SlowlogReader &reader) { return reader.set(nodeId, setting, value, consent); });
        },
        parent, std::move(then));
}

void SlowlogChanges::reset(const QByteArray &nodeId, SlowlogKind kind, QWidget *parent, Then then)
{
    run(
        [this, nodeId, kind](UserConsent consent) {
            return m_feed.reader()->call<QList<NodeReply>>(
                [=](SlowlogReader &reader) { return reader.reset(nodeId, kind, consent); });
        },
        parent, std::move(then));
}

/// Calls without confirmation; if the command gate requires it, asks the user and calls again.
void SlowlogChanges::run(std::function<QFuture<Replies>(UserConsent)> call, QWidget *parent, Then then)
{
    const Error gone{.code = Error::Code::Cancelled,
                     .detail = tr("there is no connection"),
                     .serverPrefix = {},
                     .node = {},
                     .command = {}};
    if (!m_feed.reader()) {
        then(failure(gone));
        return;
    }
    whenDone(call(UserConsent::None), this,
             [this, call, parent = QPointer<QWidget>(parent), then, gone](const Replies &replies) {
                 if (replies || replies.error().code != Error::Code::NeedsConsent || !parent) {
                     then(replies);
                     return;
                 }
                 auto *question = new QMessageBox(QMessageBox::Warning, tr("Change %1?").arg(m_context.title()),
                                                  tr("%1 is marked as production.").arg(m_context.title()),
                                                  QMessageBox::NoButton, parent);
                 question->setObjectName(u"consentQuestion"_s);
                 question->setTextFormat(Qt::PlainText);
                 question->setAttribute(Qt::WA_DeleteOnClose);
                 question->setInformativeText(tr("%1 will be sent.").arg(replies.error().command));
                 QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
                 const QPushButton *agree = question->addButton(tr("Change it"), QMessageBox::AcceptRole);
                 question->setDefaultButton(cancel);
                 connect(question, &QMessageBox::finished, this, [this, question, agree, call, then, gone] {
                     if (question->clickedButton() != agree)
                         then(failure(Error::Code::Cancelled));
                     else if (!m_feed.reader())
                         then(failure(gone));
                     else
                         whenDone(call(UserConsent::Given), this, then);
                 });
                 question->open();
             });
}

} // namespace slotscope
