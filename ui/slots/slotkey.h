// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Legend for the marks that are currently on the slot map, and for its shades; hidden if there are none.
class SlotKey final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotKey)
public:
    explicit SlotKey(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    /// Meaning of the fullest colour, such as "1,234 keys"; empty: all slots of a shard have the same colour.
    void setScale(const QString &most);
    [[nodiscard]] QStringList entries() const;
    [[nodiscard]] QSize sizeHint() const override { return {200, 18}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Mark : quint8 { Uncovered, Failed, Open, Disputed };
    struct Entry
    {
        Mark mark;
        QString text;
    };
    void paintSwatch(QPainter &painter, const QRectF &rect, Mark mark) const;

    const Theme &m_theme;
    void say();

    QList<Entry> m_entries;
    QString m_most;
};

} // namespace slotscope
