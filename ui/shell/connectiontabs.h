// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "ui/shell/connectionview.h"

#include <QTabBar>

namespace slotscope {

/// The open connections: a mark for their state, a name, the environment's tag.
class ConnectionTabs final : public QTabBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionTabs)
public:
    explicit ConnectionTabs(const Theme &theme, QWidget *parent = nullptr);
    void setTab(int index, const ConnectionView &view);
    void retranslate(); ///< in the language that is spoken now
    [[nodiscard]] QString alertBadge(int index) const { return infoOf(index).alerts; }

    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 44}; }

Q_SIGNALS:
    void menuRequested(int index, const QPoint &position); ///< in global coordinates

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    QSize tabSizeHint(int index) const override;
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void tabInserted(int index) override;

private:
    struct TabInfo
    {
        QString tag;
        Tone tone = Tone::Muted; ///< of the mark
        Tone tagTone = Tone::Muted;
        QString alerts; ///< how many limits are passed; empty: none
        friend bool operator==(const TabInfo &, const TabInfo &) = default;
    };
    void paintTab(QPainter &painter, int index) const;
    [[nodiscard]] static int badgesWidth(const TabInfo &info);
    [[nodiscard]] TabInfo infoOf(int index) const;

    const Theme &m_theme;
};

} // namespace slotscope
