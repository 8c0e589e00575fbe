// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palette/paletteentry.h"
#include "ui/shared/overlay.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace slotscope {

class Theme;

/// Finds pages, nodes, slots, keys and commands by a few typed characters.
class CommandPalette final : public Overlay
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandPalette)
public:
    CommandPalette(const Theme &theme, QWidget *host);

    /// The function is called each time the palette opens.
    void setSource(std::function<QList<PaletteEntry>()> source) { m_source = std::move(source); }
    /// The function is called for each search text and returns an entry made from the text itself; it is placed first,
    /// or last if its weight is negative.
    void setAnswerer(std::function<std::optional<PaletteEntry>(const QString &)> answerer)
    {
        m_answerer = std::move(answerer);
    }
    void setText(const QString &text);
    [[nodiscard]] QStringList titles() const; ///< as shown
    void actOn(int row);

protected:
    [[nodiscard]] QRect placeIn(const QRect &host) const override;
    void aboutToOpen() override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void search();
    void addRow(const PaletteEntry &entry, const QList<int> &emphasis);
    void move(int rows);

    std::function<QList<PaletteEntry>()> m_source;
    std::function<std::optional<PaletteEntry>(const QString &)> m_answerer;
    QList<PaletteEntry> m_entries;
    QList<std::function<void()>> m_acts; ///< one per row
    QLineEdit *m_field;
    QListWidget *m_list;
    QLabel *m_icon, *m_nothing;
    const Theme &m_theme;
};

} // namespace slotscope
