// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace slotscope {

class Theme;

/// Shows the syntax of the command being typed, with the current argument marked.
class HintStrip final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HintStrip)
public:
    explicit HintStrip(const Theme &theme, QWidget *parent = nullptr);
    void setHint(const QString &name, const QStringList &parts, int current, const QString &note);
    [[nodiscard]] QString text() const; ///< text with the marked part between > and <
    [[nodiscard]] QSize sizeHint() const override { return {400, 28}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 28}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_name, m_note;
    QStringList m_parts;
    int m_current = -1;
};

} // namespace slotscope
