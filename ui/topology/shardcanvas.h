// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/spokenview.h"
#include "ui/topology/cardlayout.h"
#include "ui/topology/noderecord.h"
#include "ui/topology/opshistory.h"

#include <QAbstractScrollArea>

namespace slotscope {

class Theme;

/// All cards, painted by one widget: a thousand nodes scroll as smoothly as six. Arrow keys walk from node to node.
class ShardCanvas final : public QAbstractScrollArea, public SpokenView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardCanvas)
public:
    explicit ShardCanvas(const Theme &theme, QWidget *parent = nullptr);

    void setView(const ClusterViewPtr &view);
    void setGrouping(CardGrouping grouping);
    void setFilter(const QString &text);
    void setOnlyTrouble(bool only); ///< cards where something is wrong
    /// The figures of large cards come from this record; null: there is none.
    void setBook(const std::shared_ptr<const MetricsBook> &book);
    /// Pixels that the cards may take, and how many of them large cards leave to what stands below.
    void setRoom(int height, int below);
    /// By node id, what limits it passes now: short words, to be seen beside it.
    void setAlerts(const QHash<QByteArray, QStringList> &titles, const QHash<QByteArray, QStringList> &words);
    void setCurrent(const QByteArray &id); ///< also scrolls to it; empty: none
    [[nodiscard]] QByteArray current() const { return m_current; }
    [[nodiscard]] const CardLayout &cards() const { return m_layout; }
    [[nodiscard]] QImage toImage() const; ///< all cards, also those out of sight
    [[nodiscard]] QAccessible::Role spokenRole() const override { return QAccessible::List; }
    [[nodiscard]] QString spokenPart() const override; ///< the current node
    [[nodiscard]] QRect spokenPartRect() const override;

Q_SIGNALS:
    void currentChanged(const QByteArray &id);
    void activated(const QByteArray &id); ///< a click or Enter
    void menuRequested(const QByteArray &id, const QPoint &globalPosition); ///< an empty id: beside the nodes
    /// On a card, beside its rows; `member` is the id of its first node.
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
