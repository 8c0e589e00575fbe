// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QWidget>

namespace slotscope {

class Theme;

/// Values in a plot's head, right-aligned, each with the mark of its line. If there is too little room, the first ones
/// are left out, because the last one (the sum) matters most.
class HeadValues final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HeadValues)
public:
    struct Entry
    {
        QColor mark; ///< invalid: no mark
        QString text;
        bool isQuiet = false;
    };
    explicit HeadValues(const Theme &theme, QWidget *parent = nullptr);
    void setEntries(const QList<Entry> &entries);
    [[nodiscard]] const QList<Entry> &entries() const { return m_entries; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {40, 18}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] static int widthOf(const Entry &entry);

    const Theme &m_theme;
    QList<Entry> m_entries;
};

} // namespace slotscope
