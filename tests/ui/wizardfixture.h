// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/support/testcluster.h"
#include "ui/operations/operationwizard.h"
#include "ui/shared/theme.h"

#include <QTemporaryDir>
#include <QTest>

namespace slotscope::test {

/// Base class of tests of the operation wizard: a cluster, its session and one wizard at a time.
class WizardFixture : public QObject
{
protected:
    void startCluster()
    {
        m_theme = std::make_unique<Theme>(Theme::Mode::Dark);
        m_cluster = std::make_unique<TestCluster>();
        QVERIFY2(m_cluster->start(), qPrintable(m_cluster->failure()));
        m_door = std::make_unique<OperationsDoor>(m_thread, m_journals.path());
        m_session = std::make_unique<SessionDoor>(m_thread, m_cluster->target({0, 1, 2}));
        waitForView([](const ClusterView &view) { return view.nodes.size() == 6 && view.agreed; });
    }

    void endCluster()
    {
        m_session.reset();
        m_door.reset();
        m_cluster.reset();
        m_theme.reset();
    }

    void waitForView(const std::function<bool(const ClusterView &)> &condition)
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_session->view() && condition(*m_session->view()), 30'000);
    }

    OperationWizard *open(const OperationDraft &draft, Environment environment = {})
    {
        ConnectionTarget target = m_cluster->target({0, 1, 2});
        target.name = QStringLiteral("shop");
        m_wizard = std::make_unique<OperationWizard>(*m_theme, *m_door, target, m_session->view(),
                                                     std::move(environment), draft, nullptr);
        connect(m_session.get(), &SessionDoor::viewChanged, m_wizard.get(), &OperationWizard::setView);
        m_wizard->show();
        m_wizard->activateWindow();
        if (!QTest::qWaitForWindowActive(m_wizard.get()))
            qWarning("the wizard did not become active");
        return m_wizard.get();
    }

    QByteArray primaryAt(int index) const
    {
        const ClusterView &view = *m_session->view();
        return view.nodes[size_t(view.shards[size_t(index)].primary)].id;
    }

    const NodeState *replicaOf(const QByteArray &primary) const
    {
        for (const NodeState &node : m_session->view()->nodes) {
            if (!node.primary && node.primaryId == primary)
                return &node;
        }
        return nullptr;
    }

    /// Presses a key in the widget with the keyboard focus, as a user does.
    void press(Qt::Key key)
    {
        QWidget *focus = QApplication::focusWidget();
        QTest::keyClick(focus ? focus : m_wizard.get(), key);
    }

    bool tabTo(const QWidget *widget)
    {
        for (int i = 0; i < 60; ++i) {
            if (QApplication::focusWidget() == widget)
                return true;
            press(Qt::Key_Tab);
        }
        return false;
    }

    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<TestCluster> m_cluster;
    QTemporaryDir m_journals;
    CoreThread m_thread;
    std::unique_ptr<OperationsDoor> m_door;
    std::unique_ptr<SessionDoor> m_session;
    std::unique_ptr<OperationWizard> m_wizard;
};

} // namespace slotscope::test
