// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QListWidget;

namespace slotscope {

class Theme;

/// Paints a row with an icon, a title, a muted line below and a short text on the right. Texts are plain and elided.
class TwoLineDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TwoLineDelegate)
public:
    enum Role : int {
        TitleRole = Qt::UserRole + 50,
        SubtitleRole,
        IconRole, ///< name of an icon in resources/icons
        TrailingRole, ///< shown on the right: a shortcut, an age
        EmphasisRole, ///< QList<int>: positions of the characters in the title that matched a search
    };
    static constexpr int rowHeight = 46;

    /// Sets up a list with such rows: this delegate, scrolling by pixels, and updates when the theme changes.
    static void dress(QListWidget &list, const Theme &theme);

    explicit TwoLineDelegate(const Theme &theme, QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintTitle(QPainter &painter, const QRect &area, const QString &title, const QList<int> &emphasis) const;

    const Theme &m_theme;
};

} // namespace slotscope
