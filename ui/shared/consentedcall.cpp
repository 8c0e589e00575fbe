// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/consentedcall.h"

#include "core/base/errortext.h"
#include "core/base/tr.h"
#include "core/base/whendone.h"
#include "core/models/nodewords.h"
#include "core/slowlog/slowlogreader.h"
#include "ui/shared/pagecontext.h"

#include <QMessageBox>
#include <QPointer>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

Error noConnection()
{
    return {.code = Error::Code::Cancelled,
            .detail = tr("there is no connection"),
            .serverPrefix = {},
            .node = {},
            .command = {}};
}

} // namespace

bool isEveryReplyGood(const NodeReplies &replies)
{
    return replies
        && std::all_of(replies->begin(), replies->end(), [](const NodeReply &each) { return each.reply.has_value(); });
}

QString repliesText(const NodeReplies &replies)
{
    if (!replies)
        return describe(replies.error());
    QStringList failures;
    for (const NodeReply &each : *replies) {
        if (each.reply)
            continue;
        const QByteArray right = missingRight(each.reply.error());
        failures.append(describe(each.reply.error())
                        + (right.isEmpty() ? QString() : tr(" It needs %1.").arg(QString::fromLatin1(right))));
    }
    const qsizetype done = replies->size() - failures.size();
    if (failures.isEmpty())
        return counted(done, tr("Done on 1 node."), tr("Done on %1 nodes."));
    return tr("Done on %1 of %2 nodes.").arg(done).arg(replies->size()) + u'\n' + failures.join(u'\n');
}

void callWithConsent(PageContext &context, QWidget *parent,
                     std::function<std::optional<QFuture<NodeReplies>>(UserConsent)> call,
                     std::function<void(const NodeReplies &)> then)
{
    std::optional<QFuture<NodeReplies>> first = call(UserConsent::None);
    if (!first) {
        then(failure(noConnection()));
        return;
    }
    whenDone(*first, parent, [parent, call, then, title = context.title()](const NodeReplies &replies) {
        if (replies || replies.error().code != Error::Code::NeedsConsent) {
            then(replies);
            return;
        }
        auto *question = new QMessageBox(QMessageBox::Warning, tr("Change %1?").arg(title),
                                         tr("%1 is marked as production.").arg(title), QMessageBox::NoButton, parent);
        question->setObjectName(u"consentQuestion"_s);
        question->setTextFormat(Qt::PlainText);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setInformativeText(tr("%1 will be sent.").arg(replies.error().command));
        QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
        const QPushButton *agree = question->addButton(tr("Change it"), QMessageBox::AcceptRole);
        question->setDefaultButton(cancel);
        QObject::connect(question, &QMessageBox::finished, parent, [parent, question, agree, call, then] {
            if (question->clickedButton() != agree) {
                then(failure(Error::Code::NeedsConsent));
                return;
            }
            std::optional<QFuture<NodeReplies>> second = call(UserConsent::Given);
            if (second)
                whenDone(*second, parent, then);
            else
                then(failure(noConnection()));
        });
        question->open();
    });
}

} // namespace slotscope
