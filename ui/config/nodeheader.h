// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace slotscope {

class Theme;

/// Table header with a column per node: the name above a chip with shard and role. GUI thread.
class NodeHeader final : public QHeaderView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NodeHeader)
public:
    static constexpr int height = 46; ///< in px, for two lines
    explicit NodeHeader(const Theme &theme, QWidget *parent = nullptr);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
