// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/livepage.h"
#include "ui/pubsub/pubsubpage.h"
#include "ui/pubsub/subscriptionlist.h"
#include "ui/shared/tableview.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

namespace slotscope::test {

/// Base class of tests of the Pub/Sub page: a cluster of three primaries, and user input by keyboard.
class PubSubLive : public LivePage
{
protected:
    void startCluster()
    {
        LocalClusterOptions options;
        options.serverPath = serversFound().back().second;
        options.replicasPerPrimary = 0;
        m_cluster = std::make_unique<TestCluster>(options);
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
    }
    PubSubPage *open(const ConnectionTarget &target)
    {
        auto *page = openPage<PubSubPage>(target, QStringLiteral("pubsub"));
        const bool isReady = QTest::qWaitFor(
            [this, page] { return m_view->view() && m_view->view()->nodes.size() == 3 && page->isFilled(); }, 20'000);
        return isReady ? page : nullptr;
    }
    PubSubPage *open() { return open(m_cluster->target({0, 1, 2})); }
    static QLineEdit *field(PubSubPage *page, const QString &name) { return page->findChild<QLineEdit *>(name); }
    static QPushButton *button(PubSubPage *page, const QString &name) { return page->findChild<QPushButton *>(name); }
    /// Adds a subscription by keyboard, as a user would.
    static bool subscribe(PubSubPage *page, SubscriptionKind kind, const QString &name)
    {
        auto *box = page->findChild<QComboBox *>(QStringLiteral("kind"));
        box->setFocus();
        while (box->currentData().toInt() != int(kind)) {
            const int before = box->currentIndex();
            QTest::keyClick(box, before < box->findData(int(kind)) ? Qt::Key_Down : Qt::Key_Up);
            if (box->currentIndex() == before)
                return false;
        }
        const size_t count = page->snapshot().subscriptions.size();
        QTest::keyClick(box, Qt::Key_Tab);
        QTest::keyClicks(field(page, QStringLiteral("name")), name);
        QTest::keyClick(field(page, QStringLiteral("name")), Qt::Key_Return);
        return QTest::qWaitFor(
            [&] {
                const auto &all = page->snapshot().subscriptions;
                return all.size() == count + 1 && !all.back().places.empty()
                    && all.back().places.front().state != SubscriptionPlace::State::Opening;
            },
            20'000);
    }
    void publishFromElsewhere(const QByteArray &channel, const QByteArray &message)
    {
        QVERIFY(m_cluster->run(1, {"PUBLISH", channel, message}));
    }
    static QString rowText(TableView *table, int row)
    {
        QStringList words;
        for (int column = 0; column < table->model()->columnCount(); ++column)
            words.append(table->model()->index(row, column).data().toString());
        return words.join(u'|');
    }

    std::unique_ptr<TestCluster> m_cluster;
};

} // namespace slotscope::test
