// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/values/edit.h"
#include "core/values/valuewindow.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace slotscope {

class Theme;
struct ValueServices;

/// Consumer groups of a stream, the consumers of the selected group, and the pending entries of the selected consumer.
class StreamGroups final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StreamGroups)
public:
    StreamGroups(const Theme &theme, std::shared_ptr<ValueServices> services, QWidget *parent = nullptr);
    void setKey(const QByteArray &key); ///< also reads the groups again
    void setReadOnly(bool readOnly);
    [[nodiscard]] QTreeWidget *groupList() const { return m_groups; }
    [[nodiscard]] QTreeWidget *consumerList() const { return m_consumers; }
    [[nodiscard]] QTreeWidget *pendingList() const { return m_pending; }
    [[nodiscard]] QPushButton *acknowledgeButton() const { return m_acknowledge; }

Q_SIGNALS:
    void editRequested(const slotscope::Edit &edit);
    void problemFound(const slotscope::Error &error);

private:
    QTreeWidget *makeList(const QStringList &columns);
    void takeGroups(const QList<StreamGroup> &groups);
    void readConsumers();
    void takeConsumers(const QList<StreamConsumer> &consumers);
    void readPending();
    void takePending(const QList<PendingEntry> &entries);
    void updateButtons();
    void createGroup();
    void fillGroupMenu(const QPoint &point);
    void removeConsumer();
    void claim();
    [[nodiscard]] QByteArray chosenGroup() const;
    [[nodiscard]] QByteArray chosenConsumer() const;
    [[nodiscard]] QByteArrayList chosenEntries() const;

    std::shared_ptr<ValueServices> m_services;
    QByteArray m_key;
    bool m_readOnly = false;
    quint64 m_round = 0;
    std::pair<QByteArray, QByteArray> m_listed; ///< group and consumer whose entries the lists show
    QLabel *m_consumersTitle, *m_pendingTitle;
    QTreeWidget *m_groups, *m_consumers, *m_pending;
    QPushButton *m_new, *m_claim, *m_acknowledge;
};

} // namespace slotscope
