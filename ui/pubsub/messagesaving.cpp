// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pubsub/messagesaving.h"

#include "core/base/tr.h"
#include "core/pubsub/pubsubwords.h"

#include <QFileDialog>
#include <QJsonDocument>
#include <QMessageBox>
#include <QPointer>
#include <QSaveFile>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

QString writeMessages(const QString &path, const std::shared_ptr<const PubSubMessages> &messages,
                      const QHash<int, SubscriptionOrder> &orders)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return file.errorString();
    for (auto each = messages->rbegin(); each != messages->rend(); ++each) {
        const QByteArray line =
            QJsonDocument(jsonOf(**each, orders.value((*each)->subscription))).toJson(QJsonDocument::Compact) + '\n';
        if (file.write(line) != line.size())
            return file.errorString();
    }
    return file.commit() ? QString() : file.errorString();
}

void saveMessages(QWidget *parent, const std::shared_ptr<const PubSubMessages> &messages,
                  const QHash<int, SubscriptionOrder> &orders)
{
    const QString path =
        QFileDialog::getSaveFileName(parent, tr("Save messages"), u"messages.jsonl"_s, tr("Lines of JSON (*.jsonl)"));
    if (path.isEmpty())
        return;
    QtConcurrent::run(writeMessages, path, messages, orders).then(parent, [parent](const QString &problem) {
        if (problem.isEmpty())
            return;
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Save messages"), tr("Nothing was saved. %1").arg(problem),
                                    QMessageBox::Ok, parent);
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
}

} // namespace slotscope
