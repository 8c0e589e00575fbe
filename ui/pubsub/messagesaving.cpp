// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/messagesaving.h"

#include "core/base/ownfiles.h"
#include "core/base/tr.h"
#include "core/base/whendone.h"
#include "core/pubsub/pubsubwords.h"

#include <QFileDialog>
#include <QJsonDocument>
#include <QMessageBox>
#include <QPointer>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString writeMessages(const QString &path, const std::shared_ptr<const PubSubMessages> &messages,
                      const QHash<int, SubscriptionOrder> &orders)
{
    constexpr uint likeOtherFiles = 0666;
    QByteArray lines;
    for (auto each = messages->rbegin(); each != messages->rend(); ++each)
        lines +=
            QJsonDocument(jsonOf(**each, orders.value((*each)->subscription))).toJson(QJsonDocument::Compact) + '\n';
    const auto written = replaceFile(path, lines, likeOtherFiles);
    return written ? QString() : written.error().detail;
}

/// The page may change its list while the dialog runs the event loop, so these parameters are copies.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
void saveMessages(QWidget *parent, std::shared_ptr<const PubSubMessages> messages, QHash<int, SubscriptionOrder> orders)
{
    const QPointer<QWidget> page(parent);
    const QString path =
        QFileDialog::getSaveFileName(parent, tr("Save messages"), u"messages.jsonl"_s, tr("JSON lines (*.jsonl)"));
    if (path.isEmpty() || !page)
        return;
    whenDone(QtConcurrent::run(writeMessages, path, messages, orders), parent, [parent](const QString &problem) {
        if (problem.isEmpty())
            return;
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Save messages"), tr("Nothing was saved. %1").arg(problem),
                                    QMessageBox::Ok, parent);
        box->setObjectName(u"saveFailed"_s);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
}

} // namespace slotscope
