// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace slotscope {

/// One line of plain text that is elided instead of clipped, with the full text in its tool tip.
class ElidedLabel final : public QLabel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ElidedLabel)
public:
    explicit ElidedLabel(const QString &text = {}, Qt::TextElideMode mode = Qt::ElideRight, QWidget *parent = nullptr);
    /// Draws nothing unless the whole text fits, for a hint that says nothing when it is elided.
    void setAllOrNothing(bool on);
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    Qt::TextElideMode m_mode;
    bool m_allOrNothing = false;
};

/// Makes a plain-text label with a tone of the style sheet ("muted", "warn", …) or none.
[[nodiscard]] QLabel *plainLabel(const QString &text, const char *tone = nullptr, QWidget *parent = nullptr);
/// Same with line wrapping and selectable text.
[[nodiscard]] QLabel *wrappedLabel(const QString &text, const char *tone, QWidget *parent = nullptr);

/// `text` for a tool tip: markup in it is shown, not interpreted.
[[nodiscard]] QString plainToolTip(const QString &text);

} // namespace slotscope
