// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"
#include "core/session/remote.h"
#include "core/session/sentinelfailover.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;

namespace slotscope {

class Badge;
class ElidedLabel;
class PageContext;

/// The Sentinels of a connection: the primary that each reports, what prevents a failover, and a button to start one.
/// Hidden if the connection uses no Sentinel.
class SentinelCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentinelCard)
public:
    explicit SentinelCard(PageContext &context, QWidget *parent = nullptr);
    ~SentinelCard() override;

    void setView(const ClusterViewPtr &view);
    [[nodiscard]] QPushButton *failOverButton() const { return m_failOver; }
    [[nodiscard]] QString toText() const; ///< one line per Sentinel

private:
    struct Row
    {
        Badge *badge;
        QLabel *address;
        ElidedLabel *says;
    };
    void addRow();
    void showRow(const Row &row, const SentinelWord &word, const QString &primary);
    void updateButton();
    void askFailover();
    void failOver(const QString &from); ///< `from`: the primary that was shown to the user

    PageContext &m_context;
    SentinelStatePtr m_state;
    std::unique_ptr<Remote<SentinelFailover>> m_service; ///< created on first use
    QLabel *m_title;
    ElidedLabel *m_summary, *m_outcome;
    QPushButton *m_failOver;
    QGridLayout *m_grid;
    QLabel *m_more;
    QList<Row> m_rows;
    QString m_why; ///< why no failover can be started now; empty: it can
    bool m_running = false;
};

} // namespace slotscope
