// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QListWidget;

namespace slotscope {

class Theme;

/// A row with an icon, a title, a quieter line below and a word at its right. Texts are plain and elide.
class TwoLineDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TwoLineDelegate)
public:
    enum Role : int {
        TitleRole = Qt::UserRole + 50,
        SubtitleRole,
        IconRole, ///< name of an icon of resources/icons
        TrailingRole, ///< at the right: a shortcut, an age
        EmphasisRole, ///< QList<int>: letters of the title that matched a search
    };
    static constexpr int rowHeight = 46;

    /// Makes a list one of such rows: drawn by a delegate of its own, scrolled by pixels, anew with the theme.
    static void dress(QListWidget &list, const Theme &theme);

    explicit TwoLineDelegate(const Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintTitle(QPainter &painter, const QRect &area, const QString &title, const QList<int> &emphasis) const;

    const Theme &m_theme;
};

} // namespace slotscope
