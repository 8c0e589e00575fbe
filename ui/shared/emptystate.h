// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace slotscope {

class Theme;

/// What a page shows when it has nothing to show: why, and what to do about it.
class EmptyState final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EmptyState)
public:
    explicit EmptyState(const Theme &theme, QWidget *parent = nullptr);
    void setContent(const QString &icon, const QString &title, const QString &text);
    /// Adds a button; the first may be the primary one.
    QPushButton *addAction(const QString &text, bool primary = false);
    [[nodiscard]] QString title() const;

private:
    void updateIcon();

    const Theme &m_theme;
    QString m_iconName;
    QLabel *m_icon, *m_title, *m_text;
    QHBoxLayout *m_buttons;
};

} // namespace slotscope
