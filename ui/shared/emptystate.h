// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace slotscope {

class Theme;

/// Shown by a page without data: why it is empty, and what to do.
class EmptyState final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EmptyState)
public:
    explicit EmptyState(const Theme &theme, QWidget *parent = nullptr);
    void setContent(const QString &icon, const QString &title, const QString &text);
    /// Adds a button; the first one may be the primary button.
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
