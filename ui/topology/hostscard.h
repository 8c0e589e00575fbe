// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/hostloss.h"

#include <QFrame>

class QLabel;

namespace slotscope {

class Theme;

/// A line for each host: its nodes, and what happens if the host fails. Empty if there is only one host.
class HostsCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HostsCard)
public:
    static constexpr int headHeight = 44, rowHeight = 30, foot = 8;

    explicit HostsCard(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    /// Shows as many lines as fit into these pixels; the worst first if not all fit. Hidden if none fits.
    void setRoom(int pixels);
    [[nodiscard]] bool isWanted() const { return m_losses.size() > 1; } ///< there are several hosts
    [[nodiscard]] QStringList lines() const; ///< shown texts, for tests and screen readers
    [[nodiscard]] QString verdict() const;

Q_SIGNALS:
    void hostChosen(const QByteArray &node); ///< a click on a host's line: id of its first node

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    [[nodiscard]] QString wordsOf(const HostLoss &loss) const;
    [[nodiscard]] int rowAt(int y) const;
    void paintRow(QPainter &painter, int row) const;
    void fill();

    const Theme &m_theme;
    ClusterViewPtr m_view;
    std::vector<HostLoss> m_losses;
    QLabel *m_verdict;
    int m_rows = 0, m_hovered = -1;
};

} // namespace slotscope
