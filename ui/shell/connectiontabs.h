// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/tableroles.h"
#include "ui/shell/connectionview.h"

#include <QTabBar>

namespace slotscope {

/// Tabs of the open connections, each with a mark for the state, a name, and the environment's tag.
class ConnectionTabs final : public QTabBar
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionTabs)
public:
    explicit ConnectionTabs(const Theme &theme, QWidget *parent = nullptr);
    void setTab(int index, const ConnectionView &view);
    void retranslate(); ///< updates the texts in the current language
    [[nodiscard]] QString alertBadge(int index) const { return infoOf(index).alerts; }

    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 44}; }

Q_SIGNALS:
    void menuRequested(int index, const QPoint &position); ///< position in global coordinates

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
        Tone tone = Tone::Muted; ///< tone of the state mark
        Tone tagTone = Tone::Muted;
        QString alerts; ///< number of exceeded limits; empty: none
        friend bool operator==(const TabInfo &, const TabInfo &) = default;
    };
    void paintTab(QPainter &painter, int index) const;
    [[nodiscard]] static int badgesWidth(const TabInfo &info);
    [[nodiscard]] TabInfo infoOf(int index) const;

    const Theme &m_theme;
};

} // namespace slotscope
