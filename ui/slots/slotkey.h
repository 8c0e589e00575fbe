// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QWidget>

namespace slotscope {

class Theme;

/// Explains the marks on the slot map that are there now, and its shades; hidden where there are none.
class SlotKey final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SlotKey)
public:
    explicit SlotKey(const Theme &theme, QWidget *parent = nullptr);
    void setView(const ClusterViewPtr &view);
    /// What the fullest colour means, such as "1,234 keys"; empty: all slots of a shard have one colour.
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
