// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/themetokens.h"

#include <QFont>
#include <QObject>

namespace slotscope {

/// The appearance of the program: Fusion style, palette, style sheet and fonts, all made from the tokens. One per
/// QApplication, created after it; GUI thread.
class Theme final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Theme)
public:
    enum class Mode { System, Dark, Light };
    Q_ENUM(Mode)

    explicit Theme(Mode mode = Mode::System, QObject *parent = nullptr);

    [[nodiscard]] Mode mode() const { return m_mode; }
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] const ThemeTokens &tokens() const;
    void setMode(Mode mode);
    void setHighContrast(bool on);
    /// Nothing pulses or blinks, for users who are disturbed by motion.
    void setStill(bool still);
    [[nodiscard]] bool isStill() const { return m_still; }

    [[nodiscard]] static QFont textFont(); ///< 13 px, the system's font or Inter
    [[nodiscard]] static QFont strongFont(); ///< 13 px semi-bold
    [[nodiscard]] static QFont titleFont(); ///< 16 px semi-bold
    [[nodiscard]] static QFont smallFont(); ///< 12 px
    [[nodiscard]] static QFont monoFont(); ///< 12 px, for ids, addresses, keys, numbers in columns

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();
    [[nodiscard]] bool systemIsDark() const;

    Mode m_mode;
    bool m_dark = false;
    bool m_applying = false;
    bool m_highContrast = false, m_still = false;
    int m_blinkMs = -1; ///< cursor blink time of the system, while blinking is off
};

/// Sets a dynamic property that the style sheet uses, and restyles the widget if it changed.
void setStyleProperty(QWidget *widget, const char *name, const QVariant &value);

} // namespace slotscope
