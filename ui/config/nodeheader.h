// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace slotscope {

class Theme;

/// The head of a table with a column a node: its name over the chip of its shard and its role. GUI thread.
class NodeHeader final : public QHeaderView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeHeader)
public:
    static constexpr int height = 46; ///< px, of two lines
    explicit NodeHeader(const Theme &theme, QWidget *parent = nullptr);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
