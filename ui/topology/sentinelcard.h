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

/// The Sentinels behind a connection: whom each names, what speaks against a failover, and one by order. Hidden where
/// the connection goes through none.
class SentinelCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SentinelCard)
public:
    explicit SentinelCard(PageContext &context, QWidget *parent = nullptr);
    ~SentinelCard() override;

    void setView(const ClusterViewPtr &view);
    [[nodiscard]] QPushButton *failOverButton() const { return m_failOver; }
    [[nodiscard]] QString toText() const; ///< a line a Sentinel

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
    void failOver(const QString &from); ///< the primary that the user was shown

    PageContext &m_context;
    SentinelStatePtr m_state;
    std::unique_ptr<Remote<SentinelFailover>> m_service; ///< made when it is needed
    QLabel *m_title;
    ElidedLabel *m_summary, *m_outcome;
    QPushButton *m_failOver;
    QGridLayout *m_grid;
    QLabel *m_more;
    QList<Row> m_rows;
    QString m_why; ///< why none can be ordered now; empty: it can
    bool m_running = false;
};

} // namespace slotscope
