// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"
#include "ui/topology/cardlayout.h"
#include "ui/topology/noderecord.h"
#include "ui/topology/opshistory.h"

#include <QAbstractScrollArea>

namespace slotscope {

class Theme;

/// All cards, painted by a single widget so that a thousand nodes scroll smoothly. Arrow keys move between the nodes.
class ShardCanvas final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardCanvas)
public:
    explicit ShardCanvas(const Theme &theme, QWidget *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setGrouping(CardGrouping grouping);
    void setFilter(const QString &text);
    void setOnlyTrouble(bool only); ///< shows only cards with a problem
    /// Record with the values for large cards; null: there is none.
    void setBook(const std::shared_ptr<const MetricsBook> &book);
    /// Height in pixels for the cards, and how much of it large cards leave for what is below.
    void setRoom(int height, int below);
    /// By node id, short texts of the limits that the node exceeds now.
    void setAlerts(const QHash<QByteArray, QStringList> &titles, const QHash<QByteArray, QStringList> &words);
    void setCurrent(const QByteArray &id); ///< also scrolls to the node; empty: none
    [[nodiscard]] QByteArray current() const { return m_current; }
    [[nodiscard]] const CardLayout &cards() const { return m_layout; }
    [[nodiscard]] QImage toImage() const; ///< all cards, including those that are not visible
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override; ///< text of the current node
    [[nodiscard]] QRect spokenPartRect() const override;

Q_SIGNALS:
    void currentChanged(const QByteArray &id);
    void activated(const QByteArray &id); ///< by a click or Enter
    void menuRequested(const QByteArray &id, const QPoint &globalPosition); ///< an empty id: outside of the nodes
    /// Emitted on a card outside of its rows; `member` is the id of its first node.
    void cardMenuRequested(slotscope::Card::Kind kind, const QByteArray &member, const QPoint &globalPosition);

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void rebuild();
    void replace();
    void readRecord();
    void choose(CardLayout::Position position, bool activate);
    void scrollTo(const QRect &rect);
    void paintCards(QPainter &painter, const QRect &visible) const;
    [[nodiscard]] QPoint toContent(const QPoint &point) const;
    [[nodiscard]] QByteArray idAt(CardLayout::Position position) const;
    [[nodiscard]] CardLayout::Position currentPosition() const;

    const Theme &m_theme;
    ClusterViewPtr m_view;
    CardGrouping m_grouping = CardGrouping::Shards;
    QString m_filter;
    bool m_onlyTrouble = false;
    int m_room = 0, m_below = 0;
    CardLayout m_layout;
    OpsHistory m_history;
    NodeRecord m_record;
    QHash<QByteArray, QStringList> m_alertTitles, m_alertWords;
    QByteArray m_current;
    int m_hovered = -1;
};

} // namespace slotscope
