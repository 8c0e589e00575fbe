// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

#include <functional>

namespace slotscope {

class Theme;

/// Paints rows of the key tree: folders with share and count, keys with the badge of their type.
class KeyDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyDelegate)
public:
    explicit KeyDelegate(const Theme &theme, QObject *parent = nullptr);
    /// Sets the function that tells which keys are marked as favourites.
    void setFavourite(std::function<bool(const QByteArray &)> isFavourite) { m_isFavourite = std::move(isFavourite); }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Start and end (x) of the expand arrow at this depth.
    [[nodiscard]] static QPair<int, int> chevronAt(int depth);

private:
    void paintFolder(QPainter *painter, QRect area, const QModelIndex &index) const;
    void paintKey(QPainter *painter, QRect area, const QModelIndex &index) const;

    const Theme &m_theme;
    std::function<bool(const QByteArray &)> m_isFavourite;
};

} // namespace slotscope
