// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace slotscope {

class Theme;

/// Paints a key name with the badge of its type.
class BigKeyDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BigKeyDelegate)
public:
    explicit BigKeyDelegate(const Theme &theme, QObject *parent = nullptr) : QStyledItemDelegate(parent), m_theme(theme)
    { }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
};

} // namespace slotscope
